/** From what must leave to one order's life, and dead letters on their way again: the real server in a real browser. */
import { createHmac } from 'node:crypto';
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

const HOUR_MS = 3_600_000;
const secret = 'shpss_0123456789abcdef0123456789abcdef';
let world: BrowserWorld;

const iso = (afterMs: number) => new Date(Date.now() + afterMs).toISOString();

describe.skipIf(!browserIsThere)('fulfilment', () => {
  beforeAll(async () => {
    world = await startBrowserWorld();
    await world.send(...smallCompany());
    await world.send(
      orderOf('LATE-1', 'MUG-1', 1, { shipBy: iso(-2 * HOUR_MS) }),
      orderOf('LATE-2', 'MUG-1', 2, { shipBy: iso(-1 * HOUR_MS) }),
      orderOf('SOON-1', 'MUG-1', 1, { shipBy: iso(240 * HOUR_MS) }),
    );
    await world.send(eventOf('order.held', { order: 'LATE-2', hold: 'fraud' }));
  });
  afterAll(async () => world?.end());

  test('a cell of the backlog leads to its orders, and one of them to its life, by keyboard', async () => {
    const page = await world.openAs('planner', '/fulfilment');
    const cell = page.locator('[data-node="BOS-1"] [data-due="late"] a').first();
    await cell.filter({ hasText: '2' }).click();
    await page.waitForURL(/\/orders\?.*due=late/);
    const rows = page.getByRole('grid', { name: 'Orders' }).locator('.order-grid.line');
    await rows.nth(1).waitFor();
    expect(await rows.count()).toBe(2);
    // The soonest due stands first.
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Order LATE-2' }).waitFor();
    const life = page.getByRole('img', { name: /Placed .*Ship by .*missed; held for fraud .*late/ });
    await life.waitFor();
    // What can be done about it is offered once the catalog of actions is read.
    await page.getByRole('button', { name: 'Release order: fraud' }).waitFor();
    await page.context().close();
  });

  test('many dead letters are replayed at once, and what became of them is said', async () => {
    await world.access.addWebhookSecret('test', { source: 'shopify-eu', connector: 'shopify', secret });
    for (const name of ['a', 'b', 'c']) await sendNonsense(name);
    const page = await world.openAs('planner', '/sources');
    await waitForLetters(page, 3);
    await page.getByLabel('Select all that are listed').check();
    await page.getByRole('group', { name: 'Selected dead letters' }).getByRole('button', { name: 'Replay' }).click();
    await page.getByText('3 on their way again').waitFor();
    // They are as wrong as before: each comes back with one more try.
    await page.getByRole('cell', { name: '2', exact: true }).nth(2).waitFor();
    await page.context().close();
  });
});

const waitForLetters = (page: Page, count: number) =>
  page
    .getByRole('button', { name: 'Look' })
    .nth(count - 1)
    .waitFor();

/** Acknowledged, and not to be understood: a webhook whose body is no JSON. */
async function sendNonsense(body: string): Promise<void> {
  const signature = createHmac('sha256', secret).update(body).digest('base64');
  const answer = await fetch(`${world.server.url}/v1/webhooks/shopify-eu`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-shopify-hmac-sha256': signature,
      'x-shopify-topic': 'orders/create',
    },
    body,
  });
  if (answer.status >= 300) throw new Error(`the webhook was refused: ${answer.status}`);
}
