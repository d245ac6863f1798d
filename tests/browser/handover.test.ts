/** What happens to one exception, as people see it: its story, what helps, what was said, and the next shift. */
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

const until = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 20_000 });

describe.skipIf(!browserIsThere)('one exception', () => {
  let world: BrowserWorld;
  let mei: Page;
  let jonas: Page;
  let number = '';

  beforeAll(async () => {
    world = await startBrowserWorld();
    await world.send(
      ...smallCompany(),
      // Stock where the web shop does not sell from: it can be moved.
      eventOf('node.defined', { node: 'STORE-1', name: 'Store', kind: 'store', timeZone: 'America/New_York' }),
      eventOf('item.defined', { sku: 'POT-1', name: 'Pot', unitPrice: 4_900, unitCost: 2_000 }),
      eventOf('stock.received', { sku: 'POT-1', node: 'STORE-1', quantity: 9 }),
      eventOf('stock.received', { sku: 'POT-1', node: 'BOS-1', quantity: 1 }),
      orderOf('order-1', 'POT-1', 4),
    );
    mei = await world.openAs('planner', '/exceptions');
    await mei.locator('[role=row][aria-rowindex]').filter({ hasText: '3 units oversold' }).click();
    await mei.getByRole('complementary', { name: /^Exception EX-/ }).waitFor();
    number = new URL(mei.url()).searchParams.get('ex') ?? '';
  }, 120_000);
  afterAll(() => world?.end());

  const panel = (page: Page) => page.getByRole('complementary', { name: `Exception ${number}` });
  const toast = (page: Page, text: string | RegExp) => page.locator('.toast').getByText(text).first().waitFor();

  test('tells its story, and the best action is applied by key after its preview, and taken back', async () => {
    await panel(mei).getByRole('heading', { name: '3 units oversold' }).waitFor();
    await panel(mei).getByText('Waiting orders').waitFor();
    await panel(mei).getByText('Move 3 units of POT-1 to BOS-1').waitFor();
    await panel(mei).getByRole('button', { name: 'Apply' }).waitFor();
    await mei.keyboard.press('Control+Enter');
    await toast(mei, 'Move 3 units of POT-1 to BOS-1');
    const done = panel(mei).getByRole('listitem').filter({ hasText: 'Mei Chen' });
    await done.filter({ hasText: 'Move 3 units of POT-1' }).first().waitFor();
    await mei.keyboard.press('z');
    await panel(mei).getByText('Undone by Mei Chen').waitFor();
  });

  test('is commented by key, and a colleague who looks at it sees who said what', async () => {
    jonas = await world.openAs('second-planner', `/exceptions?ex=${number}`);
    await panel(jonas).waitFor();
    await mei.keyboard.press('c');
    const dialog = mei.getByRole('dialog', { name: 'Comment' });
    await dialog.getByLabel('Comment', { exact: true }).fill('The store sends three on Tuesday');
    await dialog.getByLabel('This is a promise').check();
    await dialog.getByRole('button', { name: 'Comment' }).click();
    await dialog.waitFor({ state: 'detached' });
    const said = panel(jonas).getByRole('listitem').filter({ hasText: 'The store sends three on Tuesday' });
    await until(() => said.textContent()).toContain('Mei Chen');
  });

  test('assigned by one while another looks: the other hears who was faster and may use their own', async () => {
    // Both look at the same version; the one who is slower has not heard of the other yet.
    const held = jonas.context();
    await held.setOffline(true);
    await jonas.keyboard.press('i');
    await panel(jonas).getByText('Jonas Ried').first().waitFor();
    await mei.keyboard.press('i');
    await toast(mei, `${number} assigned to Mei Chen`);
    await held.setOffline(false);
    const choice = jonas.getByRole('alertdialog', { name: 'Changed by somebody else' });
    await choice.getByText(`Mei Chen assigned ${number}`).waitFor();
    await choice.getByRole('button', { name: 'Use mine' }).click();
    await panel(mei).locator('.chip').getByText('Jonas Ried').waitFor();
  });

  test('goes over to the next shift with notes, which the next planner takes over', async () => {
    await mei.goto('/handover');
    await mei.getByText('The store sends three on Tuesday').waitFor();
    await mei.getByLabel('Notes').fill('Look at the pots first.');
    await mei.getByLabel('To', { exact: true }).selectOption({ label: 'Jonas Ried' });
    await mei.getByRole('button', { name: 'Hand over' }).click();
    await toast(mei, 'Handed over to Jonas Ried');
    await jonas.goto('/handover');
    await jonas.getByRole('heading', { name: 'Handed to you' }).waitFor();
    await jonas.getByRole('button', { name: 'Take over' }).first().click();
    await jonas.getByText('Taken over by Jonas Ried').first().waitFor();
    await until(() => jonas.getByRole('heading', { name: 'Handed to you' }).count()).toBe(0);
  });

  test('opens by its link when it is over, from history', async () => {
    await world.send(eventOf('order.cancelled', { order: 'order-1', reason: 'customer' }));
    await until(async () => {
      const answer = await mei.request.get(`/v1/exceptions/${number}`);
      return answer.ok() && (await answer.json()).overSince !== null;
    }).toBe(true);
    await mei.goto(`/exceptions?ex=${number}`);
    await panel(mei).getByText('Over since', { exact: false }).first().waitFor();
    await panel(mei).getByText('The store sends three on Tuesday').waitFor();
  });

  test('leaves no complaint in the console', () => {
    // Being offline is complained about by the browser itself.
    expect(world.complaints.filter((line) => !/ERR_INTERNET_DISCONNECTED|websocket|WebSocket/i.test(line))).toEqual([]);
  });
});
