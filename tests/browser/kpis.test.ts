/** What those who govern KPIs may rely on: a page each, terms that hold from now on, baselines that stay as they are. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserWorld, browserIsThere, orderOf, smallCompany, startBrowserWorld } from '../support/browser.ts';

describe.skipIf(!browserIsThere)('an analyst who governs KPIs', () => {
  let world: BrowserWorld;
  let maya: Page;

  beforeAll(async () => {
    world = await startBrowserWorld();
    await world.send(...smallCompany(), orderOf('1001'), orderOf('1002'), orderOf('1003'));
    maya = await world.openAs('analyst', '/kpis');
  }, 120_000);
  afterAll(() => world?.end());

  const button = (page: Page, name: string) => page.getByRole('button', { name });

  test('finds a KPI by a word of its question, with its standing and its owner', async () => {
    await maya.getByLabel('Find a KPI').fill('promised leave');
    await maya.getByRole('row', { name: /On-time dispatch/ }).waitFor();
    expect(await maya.getByRole('row', { name: /Revenue/ }).count()).toBe(0);
    await maya.getByRole('link', { name: 'On-time dispatch', exact: true }).click();
    await maya.getByRole('heading', { name: 'On-time dispatch' }).waitFor();
    await maya.getByText('orders completely dispatched at or before ship-by / orders due').waitFor();
  });

  test('sees how it went, what it is made of, and the rows behind it, with links to the orders', async () => {
    await maya.goto('/kpis/orders?grain=hour');
    await maya.getByRole('img', { name: /^Orders by hour, last 3/ }).waitFor();
    await maya.getByRole('link', { name: '1002' }).first().waitFor();
    await maya.getByText('order.placed', { exact: true }).waitFor();
  });

  test('sets a target that holds from now on, with who set it and why; an executive sees it and may not', async () => {
    await maya.goto('/kpis/on-time-dispatch');
    await button(maya, 'Change terms').click();
    await maya.getByLabel(/^Target, in/).fill('97.5');
    await maya.getByLabel(/^Needs a look/).fill('96');
    await maya.getByLabel(/^Somebody must act/).fill('98');
    await maya.getByText('the second threshold must be the worse one').waitFor();
    expect(await button(maya, 'Set the terms').isDisabled()).toBe(true);
    await maya.getByLabel(/^Somebody must act/).fill('94');
    await maya.getByLabel('Why').fill('Agreed for the peak season');
    await button(maya, 'Set the terms').click();
    const terms = maya.getByRole('region', { name: 'Terms' });
    await terms.getByText('Agreed for the peak season').waitFor();
    await terms.getByText(/in force since/).waitFor();
    await terms.getByText('97.5%').waitFor();

    const erik = await world.openAs('executive', '/kpis/on-time-dispatch');
    await erik.getByRole('region', { name: 'Terms' }).getByText('97.5%').waitFor();
    expect(await button(erik, 'Change terms').count()).toBe(0);
    await erik.context().close();
  });

  test('freezes a baseline, which stays on the page until it is removed', async () => {
    await maya.goto('/kpis/orders');
    await button(maya, 'Freeze a baseline').click();
    await maya.getByLabel('Name').fill('Before the peak');
    const today = new Date().toISOString().slice(0, 10);
    await maya.getByLabel('Last day').fill(today);
    await button(maya, 'Freeze it').click();
    const baselines = maya.getByRole('region', { name: 'Baselines' });
    await baselines.getByText('Before the peak').waitFor();
    await baselines.getByText('3', { exact: true }).waitFor();
    await maya.reload();
    await baselines.getByText('Before the peak').waitFor();
    maya.once('dialog', (dialog) => dialog.accept());
    await baselines.getByRole('button', { name: 'Remove' }).click();
    await baselines.getByText('Before the peak').waitFor({ state: 'detached' });
  });

  test('and nobody is told of mistakes in the console', () => {
    expect(world.complaints).toEqual([]);
  });
});
