/** Cost and margin reach nobody who may not see them, by whatever route or topic. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { costFields, costKpis, withoutCost } from '../../server/access/cost.ts';
import { type UserRole, userRoles } from '../../server/http/contract/access.ts';
import type { ReadModel } from '../../server/http/read-model.ts';
import { routes } from '../../server/http/routes/index.ts';
import * as live from '../../server/live/contract.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { startTestWeb, type TestWeb } from '../support/web-server.ts';

const password = 'correct horse battery';
/** What a shipment costs is for everybody who decides how orders are shipped. */
const ofShipments = new Set(['shippingCost', 'extraCost', 'moreCost', 'costPerShipment', 'costPerUnit']);
const COST = 4_711;

/** Every name of a field in a schema, at any depth. */
function fieldsOf(schema: z.ZodType): Set<string> {
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, inner] of Object.entries(node)) {
      if (key === 'properties') for (const name of Object.keys(inner as object)) names.add(name);
      visit(inner);
    }
  };
  visit(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'output' }));
  return names;
}

const soundsLikeCost = (name: string) => /cost|margin/i.test(name) && !ofShipments.has(name);

describe('a field that is a cost', () => {
  test('is known as one wherever a route answers with it', () => {
    const unknown = routes.flatMap(({ path, answer }) =>
      answer === null
        ? []
        : [...fieldsOf(answer)]
            .filter((name) => soundsLikeCost(name) && !costFields.has(name))
            .map((name) => `${path}: ${name}`),
    );
    expect(unknown).toEqual([]);
    expect(routes.some(({ answer }) => answer !== null && fieldsOf(answer).has('unitCost'))).toBe(true);
  });

  test('stands in no schema of what topics send: all viewers share them', () => {
    const all = Object.entries(live) as [string, unknown][];
    const schemas = all.flatMap(([name, schema]) => (schema instanceof z.ZodType ? [[name, schema] as const] : []));
    const found = schemas.flatMap(([name, schema]) =>
      [...fieldsOf(schema)]
        .filter((field) => costFields.has(field) || soundsLikeCost(field))
        .map((field) => `${name}: ${field}`),
    );
    expect(schemas.length).toBeGreaterThan(5);
    expect(found).toEqual([]);
  });
});

describe('by HTTP', () => {
  let server: TestRedis;
  let web: TestWeb;
  const cookies = new Map<UserRole, string>();
  /** Answers everything with every cost there is, at two depths. */
  const everyCost = Object.fromEntries([...costFields].map((name) => [name, COST]));
  const answer = {
    ...everyCost,
    items: [
      { id: 'margin', ...everyCost },
      { id: 'orders', inputs: everyCost },
    ],
    parts: [],
  };
  const readModel = new Proxy({} as ReadModel, {
    get: (_, name) => (name === 'exceptions' || name === 'nodes' ? readModel : async () => answer),
  });

  beforeAll(async () => {
    server = await startTestRedis();
    web = await startTestWeb(server, { ingestion: false, app: { readModel } });
    for (const role of userRoles) {
      const email = `${role}@example.com`;
      await web.access.createAccount('test', { email, name: role, role, password });
      const result = await web.access.signIn({ email, password }, '127.0.0.1');
      if ('token' in result) cookies.set(role, `tideline=${result.token}`);
    }
  });
  afterAll(async () => {
    await web.stop();
    await server.stop();
  });
  const ask = (path: string, role: UserRole) => fetch(`${web.url}${path}`, { headers: { cookie: cookies.get(role)! } });
  const readable = ['/v1/stock', '/v1/stock/TEA', '/v1/orders/o', '/v1/kpis', '/v1/nodes', '/v1/exceptions/EX-1'];

  test.each(readable)('%s is without cost for a planner, and whole for an analyst', async (path) => {
    const [planner, analyst] = [await ask(path, 'planner'), await ask(path, 'analyst')];
    expect([planner.status, analyst.status]).toEqual([200, 200]);
    expect(await planner.text()).not.toContain(String(COST));
    expect(await analyst.text()).toContain(String(COST));
  });

  test('KPIs of cost are listed and answered for those who may see cost only', async () => {
    const ids = async (role: UserRole) =>
      ((await (await ask('/v1/kpis', role)).json()) as typeof answer).items.map((item) => item.id);
    expect(await ids('planner')).toEqual(['orders']);
    expect(await ids('executive')).toEqual(['margin', 'orders']);
    for (const kpi of costKpis) {
      expect((await ask(`/v1/kpis/${kpi}`, 'planner')).status).toBe(403);
      expect((await ask(`/v1/kpis/${kpi}`, 'analyst')).status).toBe(200);
    }
    expect((await ask('/v1/stock/TEA/cost', 'planner')).status).toBe(403);
  });
});

test('what is left out is nothing but cost', () => {
  const row = { sku: 'TEA', unitCost: 1, none: null, at: [{ margin: 2, units: 3 }], words: 'unitCost' };
  expect(withoutCost(row)).toEqual({ sku: 'TEA', none: null, at: [{ units: 3 }], words: 'unitCost' });
  expect(row.unitCost).toBe(1);
});
