/** The search box, the list and matrix of stock, one SKU and its purchase order, in a real browser. */
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

const DAY = 86_400_000;

describe.skipIf(!browserIsThere)('inventory', () => {
  let world: BrowserWorld;
  beforeAll(async () => {
    world = await startBrowserWorld();
    await world.send(
      ...smallCompany(),
      eventOf('node.defined', { node: 'RNO-1', name: 'Reno', kind: 'warehouse', timeZone: 'America/Los_Angeles' }),
      eventOf('item.defined', { sku: 'VASE-1', name: 'Tall vase', unitPrice: 4_900, unitCost: 2_000 }),
      eventOf('stock.received', { sku: 'MUG-1', node: 'RNO-1', quantity: 25 }),
      eventOf('stock.received', { sku: 'VASE-1', node: 'BOS-1', quantity: 3 }),
      eventOf('purchase-order.confirmed', {
        purchaseOrder: 'PO-77',
        supplier: 'potters',
        lines: [
          {
            line: '1',
            sku: 'VASE-1',
            node: 'BOS-1',
            quantity: 60,
            expectedAt: new Date(Date.now() + 4 * DAY).toISOString(),
          },
        ],
      }),
      orderOf('WEB-4711', 'MUG-1', 2),
      orderOf('WEB-4712', 'VASE-1', 9),
    );
  });
  afterAll(() => world?.end());

  async function openSearch(page: Page): Promise<void> {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Search or jump to' }).waitFor();
  }

  /** By keyboard alone: opens the box, types, waits until a hit of the kind stands first, and takes it. */
  async function find(page: Page, text: string, kind: string): Promise<void> {
    await openSearch(page);
    await page.keyboard.type(text);
    await page.locator('[role="option"][data-highlighted]', { hasText: kind }).waitFor();
    await page.keyboard.press('Enter');
  }

  test('the search box finds a SKU, an order, a purchase order and an exception by keyboard', async () => {
    const page = await world.openAs('planner', '/stock');
    await page.locator('[role="row"]', { hasText: 'MUG-1' }).first().waitFor();
    await find(page, 'VASE-1', 'SKU');
    await page.waitForURL('**/stock/VASE-1');
    await find(page, 'WEB-47', 'Order');
    await page.waitForURL('**/orders/WEB-47*');
    await find(page, 'po-77', 'Purchase order');
    await page.waitForURL('**/purchase-orders/PO-77');
    await page.getByRole('heading', { name: 'PO-77', level: 1 }).waitFor();
    await find(page, 'EX-1', 'Exception');
    await page.waitForURL('**/exceptions?ex=EX-*');
    await page.context().close();
  });

  test('whoever may not see stock finds none of it', async () => {
    const page = await world.openAs('executive', '/exceptions');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await openSearch(page);
    const asked = page.waitForResponse('**/v1/search?q=VASE-1');
    await page.keyboard.type('VASE-1');
    const { items } = (await (await asked).json()) as { items: { kind: string }[] };
    expect(items.filter(({ kind }) => kind !== 'Exception')).toEqual([]);
    await page.context().close();
  });

  test('the matrix marks what is short, and its sums are those of its rows', async () => {
    const page = await world.openAs('planner', '/stock?view=matrix');
    const cells = page.getByRole('gridcell').getByRole('link');
    await cells.first().waitFor();
    const vase = page.getByRole('row', { name: /Tall vase/ });
    await vase
      .getByText(/None left|Owed/)
      .first()
      .waitFor();
    const numbers = (await cells.locator('b').allTextContents()).map(units);
    const [sum] = await page
      .getByRole('group', { name: 'Sums over all SKUs that fit' })
      .locator('.total')
      .allTextContents();
    expect(units(sum!)).toBe(numbers.reduce((all, one) => all + one, 0));
    await page.getByRole('button', { name: 'List', exact: true }).click();
    await page.getByRole('columnheader', { name: 'ATP' }).getByRole('button').click();
    await page.waitForURL('**/stock?sort=atp');
    await page.locator('[role="row"]', { hasText: 'VASE-1' }).first().waitFor();
    await page.context().close();
  });

  test('numbers on the screen follow the stock without moving their rows', async () => {
    const page = await world.openAs('planner', '/stock?sort=atp');
    const row = page.locator('.line', { hasText: 'RNO-1' });
    await row.locator('.atp', { hasText: '25' }).waitFor();
    const before = await page.locator('.line .sku').allTextContents();
    await world.send(eventOf('stock.received', { sku: 'MUG-1', node: 'RNO-1', quantity: 1_000 }));
    await row.locator('.atp', { hasText: '1,025' }).waitFor();
    expect(await page.locator('.line .sku').allTextContents()).toEqual(before);
    await page.context().close();
  });

  test('on the page of a SKU the waterfall adds up, and cost is for those who may see it', async () => {
    const page = await world.openAs('planner', '/stock/MUG-1');
    const waterfall = page.getByRole('table', { name: /Web shop/ });
    await waterfall.waitFor();
    const steps = (await waterfall.locator('tbody tr:not(.result) td.number').allTextContents()).map(units);
    const [result] = await waterfall.locator('tr.result td.number').allTextContents();
    expect(steps.length).toBeGreaterThan(2);
    expect(steps.reduce((all, one) => all + one, 0)).toBe(units(result!));
    await page.getByRole('heading', { name: 'Outlook' }).waitFor();
    expect(await page.getByText(/Cost|Margin/).count()).toBe(0);
    const analyst = await world.openAs('analyst', '/stock/MUG-1');
    await analyst.getByText(/^Cost /).waitFor();
    await page.context().close();
    await analyst.context().close();
    expect(world.complaints).toEqual([]);
  });
});

const units = (text: string): number => Number(text.replace('−', '-').replaceAll(/[^\d-]/g, ''));
