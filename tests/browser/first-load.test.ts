/** What has to come over the line before a page is of use: a wall at the end of a bad Wi-Fi, a telephone on the floor. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserWorld, browserIsThere, smallCompany, startBrowserWorld } from '../support/browser.ts';
import { measureLoad } from '../support/page-load.ts';

const KB = 1_000;
/** Scripts and styles; fonts come beside them and block nothing. Charts and editors come when they are looked at. */
const budgets = [
  { path: '/wall', codeMax: 150 * KB, allMax: 298 * KB },
  { path: '/exceptions', codeMax: 240 * KB, allMax: 368 * KB },
  { path: '/stock', codeMax: 200 * KB, allMax: 368 * KB },
  { path: '/orders', codeMax: 200 * KB, allMax: 368 * KB },
  { path: '/query?m=orders&by=channel,day', codeMax: 240 * KB, allMax: 452 * KB },
] as const;

describe.skipIf(!browserIsThere)('the first load', () => {
  let world: BrowserWorld;
  beforeAll(async () => {
    world = await startBrowserWorld();
    await world.send(...smallCompany());
  });
  afterAll(() => world?.end());

  test.each(budgets)('of $path stays within its budget', async ({ path, codeMax, allMax }) => {
    const page = await world.openAs('admin', '/v1/health');
    const { weight } = await measureLoad(page, path, async () => {
      await page.waitForSelector('main');
      await page.waitForLoadState('networkidle');
    });
    console.log(`${path}: ${JSON.stringify(weight)} bytes`);
    expect(weight.script, 'what was measured').toBeGreaterThan(10 * KB);
    expect(weight.script + weight.style).toBeLessThan(codeMax);
    expect(weight.total).toBeLessThan(allMax);
    await page.context().close();
  });
});
