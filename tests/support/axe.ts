/** The rules of axe-core, asked of a page as it stands. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe puts into the page, as far as it is used here. */
type Axe = {
  run(page: unknown, options: object): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }>;
};

/** @returns one sentence per violation of WCAG 2.0 to 2.2 A and AA and of best practice; none when all is well */
export async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: Axe };
    const results = await axe.run(document, { resultTypes: ['violations'] });
    return results.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`,
    );
  });
}
