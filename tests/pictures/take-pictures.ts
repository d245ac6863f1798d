/**
 * `npm run pictures`: takes the pictures of docs/images from a Tideline that runs, best on the simulated company once its
 * past is sent, and lists them in docs/screens.md. `--only wall,stock` takes some, `--out` puts them elsewhere.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { projectDir } from '../../server/config.ts';
import { browserFlags, browserPath } from '../support/browser.ts';
import { type Picture, pictures } from './pictures.ts';

const PAGE_MS_MAX = 30_000;
/** After the last request a page may still draw its charts. */
const SETTLE_MS = 1_500;
const JPEG_QUALITY = 80;

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:7070' },
    email: { type: 'string', default: 'ana@example.com' },
    password: { type: 'string', default: 'correct horse battery' },
    out: { type: 'string', default: join(projectDir, 'docs', 'images') },
    only: { type: 'string', default: '' },
    looks: { type: 'string', default: '' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

type Look = {
  name: string;
  words: string;
  options: BrowserContextOptions;
  of(picture: Picture): boolean;
  vision?: Vision;
};
type Vision = 'protanopia' | 'deuteranopia' | 'tritanopia' | 'achromatopsia';

const desk = { viewport: { width: 1440, height: 900 } };
const wall = { viewport: { width: 1920, height: 1080 } };
/** Where status matters most: colours must not be needed to read it. */
const readByStatus = ['wall', 'exceptions'];

const looks: Look[] = [
  { name: 'wall', words: '1920 x 1080', options: wall, of: (picture) => picture.onWall === true },
  {
    name: 'light',
    words: '1440 x 900, light',
    options: { ...desk, colorScheme: 'light' },
    of: (picture) => !picture.onWall,
  },
  {
    name: 'dark',
    words: '1440 x 900, dark',
    options: { ...desk, colorScheme: 'dark' },
    of: (picture) => !picture.onWall,
  },
  {
    name: 'telephone',
    words: '390 x 844',
    options: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: 'light' },
    of: (picture) => !picture.onWall && !picture.deskOnly,
  },
  ...(['protanopia', 'deuteranopia', 'tritanopia', 'achromatopsia'] as const).map((vision) => ({
    name: vision,
    words: `as seen with ${vision}`,
    options: { ...wall, colorScheme: 'light' as const },
    of: (picture: Picture) => readByStatus.includes(picture.name),
    vision,
  })),
];

if (options.help) {
  console.log('npm run pictures [-- --url … --email … --password … --only wall,stock --looks light,dark --out folder]');
  process.exit(0);
}

const isAsked = (list: string, name: string) => list === '' || list.split(',').includes(name);
const browser = await chromium.launch({ executablePath: browserPath, args: browserFlags });
let failures = 0;
try {
  const cookies = await signIn();
  mkdirSync(options.out, { recursive: true });
  for (const look of looks.filter(({ name }) => isAsked(options.looks, name))) {
    for (const picture of pictures.filter((one) => look.of(one) && isAsked(options.only, one.name))) {
      await take(picture, look, cookies).catch((error: Error) => {
        failures += 1;
        console.error(`${picture.name}, ${look.name}: ${error.message.split('\n')[0]}`);
      });
    }
  }
  if (options.only === '' && options.looks === '') writeFileSync(join(projectDir, 'docs', 'screens.md'), list());
} finally {
  await browser.close();
}
if (failures > 0) process.exitCode = 1;

async function take(picture: Picture, look: Look, cookies: Cookies): Promise<void> {
  const context = await browser.newContext({ ...look.options, baseURL: options.url, reducedMotion: 'reduce' });
  try {
    await context.addCookies(cookies);
    const page = await context.newPage();
    page.setDefaultTimeout(PAGE_MS_MAX);
    if (look.vision !== undefined) await seeAs(page, look.vision);
    const { address } = picture;
    await page.goto(typeof address === 'string' ? address : await address(page));
    await page.waitForSelector(picture.ready);
    await picture.first?.(page);
    await page.waitForTimeout(SETTLE_MS);
    const path = join(options.out, fileOf(picture, look));
    await page.screenshot({ path, type: 'jpeg', quality: JPEG_QUALITY });
    console.log(path);
  } finally {
    await context.close();
  }
}

function fileOf(picture: Picture, look: Look): string {
  return `${picture.name}-${look.name}.jpg`;
}

async function seeAs(page: Page, type: Vision): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setEmulatedVisionDeficiency', { type });
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;
async function signIn(): Promise<Cookies> {
  const { email, password, url } = options;
  const context = await browser.newContext();
  const answer = await context.request.post(`${url}/v1/session`, {
    data: { email, password },
    headers: { origin: url },
  });
  if (!answer.ok()) throw new Error(`signing in answered ${answer.status()}: ${await answer.text()}`);
  const cookies = await context.cookies();
  await context.close();
  return cookies;
}

function list(): string {
  const parts = pictures.map((picture) => {
    const shown = looks.filter((look) => look.of(picture));
    const images = shown.map((look) => `![${picture.words}, ${look.words}](images/${fileOf(picture, look)})`);
    return `## ${picture.words}\n\n${images.join('\n\n')}\n`;
  });
  return `# Every screen\n\nTaken of the simulated company by \`npm run pictures\`.\n\n${parts.join('\n')}`;
}
