/** What people may rely on who make boards, and who look at them on a wall. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserWorld, browserIsThere, orderOf, smallCompany, startBrowserWorld } from '../support/browser.ts';

const onWall = { viewport: { width: 1920, height: 1080 } };

describe.skipIf(!browserIsThere)('boards', () => {
  let world: BrowserWorld;
  let editor: Page;

  beforeAll(async () => {
    world = await startBrowserWorld();
    await world.send(...smallCompany(), orderOf('first'));
  }, 120_000);
  afterAll(() => world?.end());

  const handle = (page: Page, tile: string) => page.locator(`[data-handle="${tile}"]`);
  const placeOf = async (tile: string) =>
    (await handle(editor, tile).getAttribute('aria-label'))?.split(', ').slice(1).join(', ');
  const saved = (page: Page) => page.locator('.page-header').getByText('Saved', { exact: true }).waitFor();

  test('a board is made by keyboard alone, step by step with a way back', async () => {
    editor = await world.openAs('planner', '/boards');
    await editor.getByRole('heading', { name: 'Boards', exact: true }).waitFor();
    await editor.getByRole('link', { name: 'Operations', exact: true }).waitFor();
    await editor.keyboard.press('c');
    await editor.getByRole('dialog').getByLabel('Name').pressSequentially('Late shift');
    await editor.keyboard.press('Enter');
    await editor.waitForURL('**/boards/*');
    await editor.getByLabel('Search tiles').pressSequentially('How many orders came in');
    await editor.getByRole('button', { name: /^Orders How many/ }).press('Enter');
    await expect.poll(() => placeOf('orders')).toBe('columns 1 to 3, rows 1 to 3');
    await editor.getByLabel('Search tiles').fill('');
    await editor.getByRole('button', { name: /^Orders to ship/ }).press('Enter');
    // The keyboard stands on what was just added.
    await editor.waitForFunction(() => document.activeElement?.getAttribute('data-handle') === 'ship-story');
    expect(await placeOf('ship-story')).toBe('columns 4 to 10, rows 1 to 4');
    await editor.keyboard.press('ArrowRight');
    await editor.keyboard.press('Shift+ArrowRight');
    await editor.keyboard.press('Shift+ArrowDown');
    await expect.poll(() => placeOf('ship-story')).toBe('columns 5 to 12, rows 1 to 5');
    await editor.keyboard.press('ArrowRight');
    await editor.getByRole('status').getByText('No room there.').waitFor({ state: 'attached' });
    await editor.keyboard.press('Delete');
    await expect.poll(() => handle(editor, 'ship-story').count()).toBe(0);
    await editor.keyboard.press('Control+z');
    await expect.poll(() => placeOf('ship-story')).toBe('columns 5 to 12, rows 1 to 5');
    await editor.keyboard.press('Control+s');
    await saved(editor);
  });

  test('it shows what it will show, and on the wall it lives', async () => {
    const name = editor.getByLabel('Name');
    expect(await name.inputValue()).toBe('Late shift');
    await editor.locator('.canvas-frame [data-kpi="orders"] [data-figure]').getByText('1', { exact: true }).waitFor();
    const wall = await world.openAs('planner', `/wall/${editor.url().split('/').at(-1)}`, onWall);
    const orders = wall.locator('[data-kpi="orders"] [data-figure]');
    await orders.getByText('1', { exact: true }).waitFor();
    await wall.evaluate(() => Object.assign(window, { neverReloaded: true }));
    await world.send(orderOf('second'));
    await orders.getByText('2', { exact: true }).waitFor();
    await wall.locator('.story [data-figure]').getByText('2', { exact: true }).waitFor();
    expect(await wall.evaluate(() => 'neverReloaded' in window)).toBe(true);
    // Leaving, and what else can be done, appears with the first key.
    await wall.keyboard.press('Shift');
    await wall.getByRole('navigation', { name: 'This screen' }).waitFor();
    await wall.keyboard.press('Escape');
    await wall.waitForURL('**/exceptions');
    await wall.context().close();
  });

  test('a file of it makes the same board again, and a wrong file says what is wrong', async () => {
    await editor.goto('/boards');
    const mine = editor.locator('[data-board]').filter({ hasText: 'Late shift' });
    await mine.getByRole('button', { name: 'More for Late shift' }).press('Enter');
    const downloading = editor.waitForEvent('download');
    await editor.getByRole('menuitem', { name: 'Save as a file' }).press('Enter');
    const file = await downloading;
    expect(file.suggestedFilename()).toBe('late-shift.board.json');
    const text = readFileSync(await file.path(), 'utf8');

    const take = (content: string) =>
      editor
        .getByLabel('A board as a file')
        .setInputFiles({ name: 'late-shift.board.json', mimeType: 'application/json', buffer: Buffer.from(content) });
    await take(text.replace('"kpi": "orders"', '"kpi": "gone"'));
    const dialog = editor.getByRole('dialog');
    await dialog.getByText('Tile 1, kpi: asks for the KPI "gone", which this installation does not have.').waitFor();
    await editor.keyboard.press('Escape');
    await take(text.replace('"Late shift"', '"Early shift"'));
    await editor.waitForURL('**/boards/*');
    await handle(editor, 'ship-story').waitFor();
    expect(await placeOf('ship-story')).toBe('columns 5 to 12, rows 1 to 5');
    expect(await editor.getByRole('heading', { level: 1 }).textContent()).toBe('Early shift');
  });

  test('two who change one board both keep their work', async () => {
    const other = await world.openPage(editor.context(), editor.url());
    await handle(other, 'orders').press('Delete');
    await other.keyboard.press('Control+s');
    await saved(other);
    await other.close();
    await handle(editor, 'orders').press('Shift+ArrowDown');
    await editor.keyboard.press('Control+s');
    await editor.getByRole('dialog').getByText('Somebody else saved this board').waitFor();
    await editor.getByRole('button', { name: 'Save mine as a copy' }).click();
    await editor.getByRole('heading', { level: 1, name: 'Early shift (mine)' }).waitFor();
    expect(await placeOf('orders')).toBe('columns 1 to 3, rows 1 to 4');
    // The browser itself writes down that the server refused; nothing else may stand there.
    expect(world.complaints.splice(0).filter((text) => !text.includes('409'))).toEqual([]);
  });

  test('changes are not lost by leaving', async () => {
    await handle(editor, 'orders').press('Delete');
    await editor.getByRole('link', { name: 'Stock' }).first().click();
    await editor.getByRole('dialog').getByText('Leave without saving?').waitFor();
    await editor.getByRole('button', { name: 'Stay' }).click();
    expect(editor.url()).toContain('/boards/');
    await editor.keyboard.press('Control+s');
    await saved(editor);
    expect(world.complaints).toEqual([]);
    await editor.context().close();
  });

  test('boards take turns below what is critical, and stand still for what is newly critical', async () => {
    const wall = await world.openAs('executive', '/wall/operations?boards=operations,executives&rotate=5', onWall);
    const title = wall.getByRole('heading', { level: 1 });
    await title.getByText('Operations').waitFor();
    const strip = wall.getByRole('region', { name: 'Critical now' });
    await strip.getByText('Nothing critical').waitFor();
    await title.getByText('Executives').waitFor();
    await strip.waitFor();
    await world.send(orderOf('too-much', 'MUG-1', 500));
    await strip.getByText('New').waitFor();
    await wall.getByText('Held: new critical').waitFor();
    expect(world.complaints).toEqual([]);
    await wall.context().close();
  });

  test('a wall that lost its server keeps the picture, says since when, and comes back by itself', async () => {
    const wall = await world.openAs('executive', '/wall', onWall);
    const figure = wall.locator('.story [data-figure]');
    await figure.getByText('3', { exact: true }).waitFor();
    await world.server.kill();
    await wall.getByText(/Connection lost \d+s ago/).waitFor();
    expect(await figure.textContent()).toBe('3');
    await world.server.start();
    await world.send(orderOf('after'));
    await figure.getByText('4', { exact: true }).waitFor();
    await wall.getByText('Live', { exact: true }).waitFor();
    await wall.context().close();
  });
});
