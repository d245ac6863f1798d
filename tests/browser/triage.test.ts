/** What people may rely on who work through exceptions: by keyboard alone, together, and with a way back. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type BrowserWorld,
  browserIsThere,
  eventOf,
  orderOf,
  smallCompany,
  startBrowserWorld,
} from '../support/browser.ts';

/** Machines that test are slow and busy: a condition has time to come true. */
const until = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 20_000 });
const SKUS = Array.from({ length: 24 }, (_, index) => `VASE-${10 + index}`);

describe.skipIf(!browserIsThere)('the triage desk', () => {
  let world: BrowserWorld;
  let mei: Page;

  beforeAll(async () => {
    world = await startBrowserWorld();
    await world.send(
      ...smallCompany(),
      ...SKUS.map((sku) => eventOf('stock.received', { sku, node: 'BOS-1', quantity: 2 })),
      ...SKUS.map((sku, index) => orderOf(`order-${index}`, sku, 5 + index)),
    );
    mei = await world.openAs('planner', '/exceptions');
  }, 120_000);
  afterAll(() => world?.end());

  const grid = (page: Page) => page.getByRole('grid');
  const rows = (page: Page) => page.locator('[role=row][aria-rowindex]');
  const marked = (page: Page) => grid(page).getAttribute('aria-activedescendant');
  const toast = (page: Page, text: string | RegExp) => page.locator('.toast').getByText(text).first().waitFor();
  async function queue(page: Page, name: string): Promise<number> {
    const link = page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name, exact: false }).last();
    return Number((await link.locator('.number').textContent())?.replace(/\D/g, ''));
  }

  test('twenty exceptions are put away by keyboard alone, and the last one is taken back', async () => {
    await until(() => queue(mei, 'Oversold')).toBe(24);
    await mei.goto('/exceptions?q=kind:oversold');
    await rows(mei).nth(20).waitFor();
    for (let done = 0; done < 20; done += 1) {
      const before = await marked(mei);
      await mei.keyboard.press('j');
      await until(() => marked(mei)).not.toBe(before);
      const row = mei.locator(`#${await marked(mei)}`);
      await mei.keyboard.press('e');
      await row.getByText('Resolved').waitFor();
    }
    await until(() => queue(mei, 'Put away')).toBe(20);
    await mei.keyboard.press('z');
    await toast(mei, 'Undone');
    await until(() => queue(mei, 'Put away')).toBe(19);
    await until(() => rows(mei).count()).toBe(5);
  });

  test('all that are left are given to oneself with one key, and back with another', async () => {
    await mei.keyboard.press('Control+a');
    await mei.getByText('5 selected').waitFor();
    await mei.keyboard.press('i');
    await toast(mei, '5 exceptions assigned to Mei Chen');
    await until(() => queue(mei, 'Assigned to me')).toBe(5);
    await mei.keyboard.press('z');
    await until(() => queue(mei, 'Assigned to me')).toBe(0);
    await mei.keyboard.press('Escape');
    await until(() => mei.getByText('5 selected').count()).toBe(0);
  });

  test('a filter made by keyboard is in the address, and is there after the page was loaded anew', async () => {
    await mei.goto('/exceptions');
    await rows(mei).first().waitFor();
    await mei.keyboard.press('f');
    await mei.getByRole('combobox', { name: 'Filter by' }).pressSequentially('put');
    await mei.keyboard.press('Enter');
    await mei.waitForURL(/show:put-away|show%3Aput-away/);
    await mei.keyboard.press('Escape');
    await mei.getByRole('heading', { level: 1, name: 'Exceptions', exact: false }).waitFor();
    await until(() => rows(mei).count()).toBe(19);
    await mei.reload();
    await mei.getByText('Status put away').waitFor();
    await until(() => rows(mei).count()).toBe(19);
    await mei.getByRole('button', { name: 'Remove the filter Status put away' }).click();
    await until(() => queue(mei, 'All open')).toBeGreaterThanOrEqual(5);
  });

  test('who comes second is told who came first, and may still decide', async () => {
    const address = '/exceptions?q=kind:oversold';
    await mei.goto(address);
    const jonas = await world.openAs('second-planner', address);
    await rows(jonas).nth(4).waitFor();
    await rows(mei).nth(4).waitFor();
    // Jonas looks at a picture that stands still; meanwhile Mei takes the first one.
    await jonas.keyboard.press('p');
    await jonas.getByRole('button', { name: /^Paused/ }).waitFor();
    await mei.keyboard.press('j');
    await mei.keyboard.press('i');
    await toast(mei, /assigned to Mei Chen/);
    await jonas.getByRole('button', { name: /^Paused, [1-9]/ }).waitFor();
    await jonas.keyboard.press('j');
    await jonas.keyboard.press('i');
    const conflict = jonas.getByRole('alertdialog', { name: 'Changed by somebody else' });
    await conflict.getByText(/Mei Chen assigned EX-\d+/).waitFor();
    await conflict.getByRole('button', { name: 'Keep theirs' }).click();
    await jonas.keyboard.press('p');
    await until(() => queue(jonas, 'Assigned to me')).toBe(0);
    await jonas.context().close();
  });

  test('no page complained', () => {
    expect(world.complaints.filter((line) => !line.includes('409'))).toEqual([]);
  });
});
