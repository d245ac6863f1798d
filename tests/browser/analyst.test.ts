/** What analysts may rely on: a question is answered as it is chosen, its SQL can be changed, and what is kept comes back. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserWorld, browserIsThere, orderOf, smallCompany, startBrowserWorld } from '../support/browser.ts';

const QUESTION = '/query?m=orders,units&by=channel,day&t=7d&cmp=previous-period';

describe.skipIf(!browserIsThere)('the page of questions', () => {
  let world: BrowserWorld;
  let page: Page;

  beforeAll(async () => {
    world = await startBrowserWorld();
    await world.send(...smallCompany(), orderOf('first', 'MUG-1', 2), orderOf('second', 'MUG-1', 3));
    page = await world.openAs('analyst', '/query', { permissions: ['clipboard-read', 'clipboard-write'] });
  }, 180_000);
  afterAll(() => world?.end());

  const facts = () => page.locator('[data-facts]');
  const editor = () => page.locator('[data-sql-editor] .cm-content');
  const textOf = () => editor().textContent();
  const group = (name: string) => page.locator(`[data-group="${name}"]`);
  const rowsOfAnswer = () => page.getByRole('table', { name: 'Answer' }).getByRole('row');

  /** In the place of all that stands there, without the brackets an editor closes by itself. */
  async function write(sql: string): Promise<void> {
    // The editor comes when the keyboard gets there.
    await page.getByRole('textbox', { name: 'SQL' }).focus();
    await editor().focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(sql);
  }

  test('says what can be asked, and answers as one chooses, by keyboard alone', async () => {
    await page.getByRole('heading', { name: 'Ask a question' }).waitFor();
    expect(await page.locator('[data-example]').count()).toBe(3);
    await page.getByRole('button', { name: 'Choose a measure' }).press('Enter');
    await page.getByRole('combobox', { name: 'Measures' }).pressSequentially('units');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Split by another dimension or time' }).press('Enter');
    await page.getByRole('combobox', { name: 'Split by' }).pressSequentially('channel');
    await page.keyboard.press('Enter');
    await group('web').getByRole('cell', { name: '5', exact: true }).waitFor();
    expect(page.url()).toContain('m=units&by=channel,day');
    expect(await page.locator('[data-measure="units"]').getAttribute('aria-pressed')).toBe('true');
  });

  test('a link restores the question, its comparison and how it is shown', async () => {
    const guest = await world.openAs('admin', `${QUESTION}&viz=table&w=node:BOS-1`);
    await guest.getByRole('columnheader', { name: 'Orders, before' }).waitFor();
    await guest.getByText('Node is').first().waitFor();
    expect(await guest.getByRole('button', { name: 'Table' }).getAttribute('aria-pressed')).toBe('true');
    await guest.context().close();
  });

  test('draws the answer, lets one group stand out, and shares the change out', async () => {
    await page.goto(QUESTION);
    await group('web').getByRole('cell', { name: '2', exact: true }).waitFor();
    await page.locator('[data-chart] canvas').waitFor();
    await group('web').getByRole('button', { name: 'web' }).press('Enter');
    await expect.poll(() => page.url()).toContain('hl=web');
    await page.getByRole('heading', { name: 'What moved it' }).waitFor();
    await page.locator('.moved').getByText('+2', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Rows', exact: true }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'first' }).waitFor();
    await page.keyboard.press('Escape');
  });

  test('SQL that is changed no longer follows the builder, is run, and can be reset', async () => {
    await page.goto(QUESTION);
    await expect.poll(() => page.getByRole('textbox', { name: 'SQL' }).textContent()).toContain('SELECT');
    await write('SELECT order_id, channel\nFROM orders\nORDER BY order_id');
    await page.getByText('Edited, no longer follows the builder').waitFor();
    await page.keyboard.press('Control+Enter');
    await facts()
      .getByText(/^2 rows in/)
      .waitFor();
    await page.getByRole('button', { name: 'Table' }).click();
    await expect.poll(() => rowsOfAnswer().allInnerTexts()).toHaveLength(3);
    expect(await rowsOfAnswer().nth(1).textContent())?.toContain('first');
    await page.getByRole('button', { name: 'Reset to builder' }).click();
    await page.getByText('Follows the builder').waitFor();
  });

  test('completes what is typed from the views, and Escape then Tab leaves the editor', async () => {
    await page.goto(QUESTION);
    await write('SELECT o. FROM orders o');
    for (let step = 0; step < ' FROM orders o'.length; step += 1) await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('chan');
    await page.locator('.cm-tooltip-autocomplete li').filter({ hasText: 'channel' }).first().click();
    await expect.poll(textOf).toContain('o.channel FROM');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-sql-editor'))).toBe(false);
  });

  test('wrong SQL is marked where it is wrong, before and after it is run', async () => {
    await write('SELECT order_id\nFROM nowhere');
    const faults = page.getByRole('list', { name: 'Faults' });
    await faults
      .getByText(/nowhere/)
      .first()
      .waitFor();
    await page.locator('.cm-lintRange-error').first().waitFor();
    await page.keyboard.press('Control+Enter');
    await page.locator('[data-problem]').waitFor();
  });

  test('a parameter asks for its value, and gets it', async () => {
    await write('SELECT order_id FROM orders WHERE order_id = {which:String}');
    const field = page.getByRole('group', { name: 'Parameters' }).getByLabel('which');
    await field.fill('second');
    await field.press('Enter');
    await page.keyboard.press('Control+Enter');
    await facts()
      .getByText(/^1 row in/)
      .waitFor();
  });

  test('a long run shows how far it is, and ends when it is cancelled', async () => {
    const many = '(SELECT arrayJoin(range(100000)) AS n FROM channels)';
    await write(`SELECT sum(sipHash64(a.n, b.n)) FROM ${many} AS a CROSS JOIN ${many} AS b`);
    await page.keyboard.press('Control+Enter');
    await page
      .getByRole('status')
      .getByText(/rows read/)
      .waitFor();
    const pressed = Date.now();
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page
      .locator('[data-problem]')
      .getByText(/Cancelled/)
      .waitFor();
    // Left alone it would run into the limit of a minute. How soon it ends is measured where nothing else runs beside it.
    expect(Date.now() - pressed).toBeLessThan(15_000);
  });

  test('what is saved comes back after a reload and by its link, SQL never stands in the address', async () => {
    await write('SELECT channel, count() AS orders FROM orders GROUP BY channel');
    await page.keyboard.press('Control+Enter');
    await facts()
      .getByText(/^1 row in/)
      .waitFor();
    await page.getByRole('button', { name: 'Copy link' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/A link leads to what is saved/).waitFor();
    await dialog.getByLabel('Name').fill('Orders by channel');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('The link is on the clipboard.').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toMatch(/\/query\/[^?]+(\?|$)/);
    expect(decodeURIComponent(link)).not.toContain('SELECT');
    const other = await world.openAs('admin', link);
    await other
      .locator('[data-facts]')
      .getByText(/^1 row in/)
      .waitFor();
    expect(await other.locator('[data-sql-editor] .cm-content').textContent()).toContain('count() AS orders');
    await other.context().close();
    await page.reload();
    await expect.poll(textOf).toContain('count() AS orders');
    await expect.poll(() => page.locator('.query-tabs .here .dot').count()).toBe(0);
  });

  test('a file has every row of the answer', async () => {
    await page.getByRole('button', { name: /^Run / }).click();
    await facts()
      .getByText(/^1 row in/)
      .waitFor();
    await page.getByRole('button', { name: 'Export' }).click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'CSV' }).click();
    const file = await downloading;
    const lines = readFileSync(await file.path(), 'utf8')
      .trim()
      .split(/\r?\n/);
    expect(lines.map((line) => line.replaceAll('"', ''))).toEqual(['channel,orders', 'web,2']);
    await page.getByRole('dialog').locator('[data-export]').getByText('1,').waitFor();
    await page.keyboard.press('Escape');
  });

  test('nothing of it goes against the policy of the page', () => {
    expect(world.complaints.filter((line) => /Content Security|Refused/i.test(line))).toEqual([]);
  });
});
