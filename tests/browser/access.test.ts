/** Doors as people meet them: invited in, kept out by role, a screen paired and revoked, a session ended by an admin. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pages } from '../../client/pages.ts';
import { may } from '../../server/access/abilities.ts';
import { userRoles } from '../../server/http/contract/access.ts';
import { type BrowserWorld, browserIsThere, smallCompany, startBrowserWorld } from '../support/browser.ts';

const OUT_WITHIN_MS = 5_000;
const password = 'correct horse battery';

describe.skipIf(!browserIsThere)('in a browser', () => {
  let world: BrowserWorld;
  beforeAll(async () => {
    world = await startBrowserWorld();
    await world.send(...smallCompany());
  }, 120_000);
  afterAll(() => world?.end());

  const guarded = pages.flatMap(({ path, meta }) =>
    meta?.ability === undefined
      ? []
      : [{ path: path.replace(/\/:\w+\?/g, '').replaceAll(/:\w+/g, 'x'), title: meta.title, ability: meta.ability }],
  );

  test.each(userRoles)('as %s every page is there, or says that it is not for this role', async (role) => {
    const page = await world.openAs(role, '/account');
    await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
    for (const { path, title, ability } of guarded) {
      // The same application goes on: what is asked here is who sees what, not how fast a page loads.
      await page.evaluate((to) => {
        history.pushState({}, '', to);
        dispatchEvent(new PopStateEvent('popstate', { state: {} }));
      }, path);
      await page.waitForFunction((said) => document.title.startsWith(`${said} ·`), title);
      await page.evaluate(() => new Promise(requestAnimationFrame));
      const forbidden = page.locator('[data-forbidden]');
      const says = (await forbidden.count()) === 0 ? 'it is here' : await forbidden.textContent();
      if (may(role, ability)) expect(says, `${role} on ${path}`).toBe('it is here');
      else expect(says, `${role} on ${path}`).toContain(`${title} is not for your role`);
    }
    await page.context().close();
  });

  test('somebody is invited, accepts once, and comes in; the token leaves the address', async () => {
    const admin = await world.openAs('admin', '/access/people');
    await admin.getByRole('button', { name: 'Invite' }).click();
    await admin.fill('[name=email]', 'eve@example.com');
    await admin.getByRole('radio', { name: /Analyst/ }).check();
    await admin.getByRole('button', { name: 'Make the link' }).click();
    const link = await admin.getByLabel('One-time link').inputValue();
    expect(link).toMatch(/\/invitation\?token=[\w-]{43}$/);
    await admin.getByRole('button', { name: 'Done' }).click();

    const eve = await world.openAs(null, link);
    await eve.getByText('eve@example.com').waitFor();
    expect(new URL(eve.url()).search).toBe('');
    await eve.fill('[name=name]', 'Eve Adams');
    await eve.fill('[name=password]', password);
    await eve.click('button[type=submit]');
    await eve.waitForURL(({ pathname }) => /^\/(wall|welcome)/.test(pathname));

    const again = await world.openAs(null, link);
    await again.getByText('This link was used').waitFor();
    await admin.reload();
    await admin.getByRole('row', { name: /Eve Adams.*Analyst.*Active/ }).waitFor();
    for (const page of [admin, eve, again]) await page.context().close();
  });

  test('a session that an admin ends is out within five seconds, on the screen too', async () => {
    const jonas = await world.openAs('second-planner', '/exceptions');
    await jonas.getByRole('heading', { level: 1 }).first().waitFor();
    const admin = await world.openAs('admin', '/access/sessions');
    const end = admin.getByRole('button', { name: /End the session of Jonas Ried/ });
    await end.click();
    const endedAt = Date.now();
    await jonas.waitForURL('**/sign-in**');
    expect(Date.now() - endedAt).toBeLessThan(OUT_WITHIN_MS);
    await end.waitFor({ state: 'detached' });
    for (const page of [admin, jonas]) await page.context().close();
  });

  test('a screen is paired by its code, shows its board, and is out when it is revoked', async () => {
    const screen = await world.openAs(null, '/pair');
    const code = await codeOn(screen);
    const admin = await world.openAs('admin', `/access/screens?code=${code}`);
    await admin.getByText('Is that the screen you mean?').waitFor();
    await admin.fill('[name=name]', 'Packing hall');
    await admin.getByRole('button', { name: 'Pair', exact: true }).click();
    await screen.waitForURL('**/wall/operations**');
    await screen.locator('h1').first().waitFor({ state: 'attached' });
    // A screen has nothing but its boards: every other address leads back to them.
    await screen.goto('/access/people');
    await screen.waitForURL('**/wall/operations**');
    await admin.getByRole('button', { name: 'Revoke Packing hall' }).click();
    await admin.getByRole('button', { name: 'Revoke', exact: true }).click();
    const revokedAt = Date.now();
    await screen.waitForURL('**/pair');
    expect(Date.now() - revokedAt).toBeLessThan(OUT_WITHIN_MS + 1_000);
    expect(await codeOn(screen)).not.toBe(code);
    for (const page of [admin, screen]) await page.context().close();
  });

  const codeOn = async (page: Page): Promise<string> => {
    const code = page.getByText(/^\s*[A-Z0-9]{4}-[A-Z0-9]{4}\s*$/);
    await code.waitFor();
    return (await code.textContent())!.trim();
  };
});
