// Programs that npm does not bring: a Redis server and, for the browser tests, Chromium.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, isAbsolute, join } from 'node:path';
import { RemedyError, run, say, tail, withProgress } from './progress.mjs';
import { projectFolder } from './project.mjs';

const redisNames = ['redis-server', 'valkey-server'];
const chromiumNames = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

// Where package managers put programs although a user's PATH may leave the folder out.
const packageFolders = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin', '/opt/local/bin'];

/** The folders in which programs are looked for. */
export function programFolders() {
  return [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...packageFolders];
}

/** The path of the first of `names` that exists in `folders` and may be run. */
export function findProgram(names, folders = programFolders()) {
  const paths = names.flatMap((name) => (isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name))));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

// apt starts and enables a package's service; ours is private, so the system's own Redis stays off.
const aptInstall = (name) => `
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\\nexit 101\\n' > $policy && chmod 755 $policy && trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -o DPkg::Lock::Timeout=120
  apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 ${name} || exit 1
  command -v systemctl > /dev/null && systemctl disable ${name} > /dev/null 2>&1
  exit 0`;

/** One entry per package manager: the shell script that installs, and whether it needs the rights of root. */
const packageManagers = [
  { program: 'apt-get', asRoot: true, redis: aptInstall('redis-server'), chromium: aptInstall('chromium') },
  {
    program: 'dnf',
    asRoot: true,
    redis: 'dnf install -y valkey || dnf install -y redis',
    chromium: 'dnf install -y chromium',
  },
  { program: 'apk', asRoot: true, redis: 'apk add redis || apk add valkey', chromium: 'apk add chromium' },
  { program: 'brew', asRoot: false, redis: 'brew install redis' },
];

const redisRemedy =
  'Tideline keeps its live state in Redis, and no redis-server or valkey-server was found on this machine.\n' +
  '  Install one:   Debian, Ubuntu: sudo apt-get install redis-server    Fedora: sudo dnf install valkey    macOS: brew install redis\n' +
  '  or use yours:  npm start -- --redis-url redis://host:6379   (or REDIS_URL)';

/**
 * Makes sure that a Redis server can be run on this machine, installing it with the system's package manager if
 * needed. Throws a RemedyError when that is impossible. `folders` is for tests.
 */
export async function ensureRedis(folders = programFolders()) {
  if (findProgram(redisNames, folders)) return;
  const reason = await install('Redis', 'redis', folders);
  if (!findProgram(redisNames, folders)) throw new RemedyError(`${redisRemedy}\n  ${reason ?? ''}`.trimEnd());
}

/** The path of a Chromium or Chrome, also of one that Playwright has downloaded before. */
export function findChromium(folders = programFolders()) {
  const installed = findProgram(chromiumNames, folders);
  if (installed) return installed;
  try {
    const path = createRequire(join(projectFolder, 'package.json'))('playwright-core').chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Makes sure that there is a browser for the browser tests and returns its path; undefined, after saying so, when
 * none can be had: those tests then count as skipped.
 */
export async function ensureChromium(node, folders = programFolders()) {
  // Set but empty means: do without.
  const found = process.env.CHROMIUM_PATH ?? findChromium(folders);
  if (found !== undefined) return found || undefined;
  // Ubuntu's package is only a pointer to a snap, which does not run in containers.
  const reasons = [isUbuntu() ? undefined : await install('Chromium', 'chromium', folders)];
  if (!findChromium(folders)) {
    const cli = join(projectFolder, 'node_modules/playwright-core/cli.js');
    const withLibraries = isRoot() || (await canUseSudo(folders)) ? ['--with-deps'] : [];
    const download = () => run(node, [cli, 'install', ...withLibraries, 'chromium']);
    const { code, output } = await withProgress('Downloading Chromium for the browser tests', download);
    if (code !== 0) reasons.push(tail(output, 3));
  }
  const path = findChromium(folders);
  if (!path) {
    say(`no Chromium can be had (${reasons.filter(Boolean).join('; ')}); the browser tests will be skipped.`);
    say('install one to run them: Debian: sudo apt-get install chromium   elsewhere: Google Chrome');
  }
  return path;
}

/** Installs one program with the first package manager found; returns what went wrong in words, if anything. */
async function install(title, what, folders) {
  const manager = packageManagers.find(({ program, [what]: script }) => script && findProgram([program], folders));
  if (!manager) return 'No package manager that Tideline knows was found (apt-get, dnf, apk, brew).';
  let command = ['/bin/sh', '-c', manager[what]];
  let interactive = false;
  if (manager.asRoot && !isRoot()) {
    if (!findProgram(['sudo'], folders)) return `${manager.program} needs the rights of root, and there is no sudo.`;
    interactive = !(await canUseSudo(folders));
    if (interactive && (!process.stdin.isTTY || process.env.CI)) {
      return `${manager.program} needs the rights of root, and sudo wants a password.`;
    }
    command = ['sudo', ...(interactive ? [] : ['-n']), ...command];
  }
  const options = { env: { PATH: folders.join(delimiter) }, interactive };
  const work = async () => {
    const { code, output } = await run(command[0], command.slice(1), options);
    if (code !== 0) throw new Error(`${manager.program} failed with code ${code}:\n${tail(output)}`);
  };
  try {
    if (interactive) {
      say(`Installing ${title} with ${manager.program}; sudo may ask for your password`);
      await work();
    } else {
      await withProgress(`Installing ${title} with ${manager.program}`, work);
    }
    return undefined;
  } catch (error) {
    return error.message;
  }
}

function isRoot() {
  return process.getuid?.() === 0;
}

async function canUseSudo(folders) {
  return (await run('sudo', ['-n', 'true'], { env: { PATH: folders.join(delimiter) } })).code === 0;
}

function isUbuntu() {
  try {
    return /^ID=ubuntu$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}
