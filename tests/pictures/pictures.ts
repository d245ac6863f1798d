/** What pictures are taken of: each page, its address, and what it shows when it is ready. */
import type { Page } from 'playwright-core';

export type Picture = {
  name: string;
  /** For the list of pictures. */
  words: string;
  address: string | ((page: Page) => Promise<string>);
  /** Shown when there is something to see. */
  ready: string;
  /** Done before the picture is taken. */
  first?: (page: Page) => Promise<void>;
  /** A screen on a wall: another size, no light colours, not on a telephone. */
  onWall?: boolean;
  /** Taken at a desk only. */
  deskOnly?: boolean;
};

const openFirst = async (page: Page) => {
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.locator('aside, [data-panel]').first().waitFor();
};
/** What the newest of something is called, from the API. */
const first = (path: string, address: (item: Record<string, unknown>) => string) => async (page: Page) => {
  const answer = await page.context().request.get(path);
  const { items } = (await answer.json()) as { items: Record<string, unknown>[] };
  if (items[0] === undefined) throw new Error(`${path} has nothing to show`);
  return address(items[0]);
};
const part = (value: unknown) => encodeURIComponent(String(value));

export const pictures: readonly Picture[] = [
  { name: 'wall', words: 'The wall of the operation', address: '/wall', ready: '[data-figure]', onWall: true },
  {
    name: 'wall-executives',
    words: 'The board of executives',
    address: '/wall/executives',
    ready: '[data-figure]',
    onWall: true,
  },
  {
    name: 'wall-large',
    words: 'The wall at 1.25 times the size, for screens up to 55 inches',
    address: '/wall?scale=1.25',
    ready: '[data-figure]',
    onWall: true,
  },
  {
    name: 'wall-connection-lost',
    words: 'The wall while the server cannot be reached',
    address: '/wall',
    ready: '[data-figure]',
    onWall: true,
    first: async (page) => {
      await page.context().setOffline(true);
      await page
        .getByText(/No data|lost/i)
        .first()
        .waitFor({ timeout: 90_000 });
    },
  },
  {
    name: 'exceptions',
    words: 'Triage, with one exception open',
    address: '/exceptions',
    ready: '[role=row][aria-rowindex="2"]',
    first: openFirst,
  },
  {
    name: 'exceptions-list',
    words: 'Triage, the list alone',
    address: '/exceptions',
    ready: '[role=row][aria-rowindex="2"]',
  },
  {
    name: 'palette',
    words: 'The palette: commands and search in one box',
    address: '/exceptions',
    ready: '[role=row][aria-rowindex="2"]',
    first: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'keys',
    words: 'Every key there is',
    address: '/exceptions',
    ready: '[role=row][aria-rowindex="2"]',
    deskOnly: true,
    first: async (page) => {
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'handover', words: 'Shift handover', address: '/handover', ready: 'main h1' },
  { name: 'stock', words: 'Stock by SKU and node', address: '/stock', ready: '[role=row][aria-rowindex="2"]' },
  { name: 'sku', words: 'One SKU', address: addressOfBusySku, ready: 'main h1' },
  { name: 'orders', words: 'Orders', address: '/orders', ready: '[role=row][aria-rowindex="2"]' },
  {
    name: 'order',
    words: 'One order',
    address: first('/v1/orders?limit=60&status=dispatched', ({ order }) => `/orders/${part(order)}`),
    ready: 'main h1',
  },
  { name: 'purchase-orders', words: 'Purchase orders', address: '/purchase-orders', ready: 'main h1' },
  { name: 'fulfilment', words: 'Backlog by node and cut-off, and waves', address: '/fulfilment', ready: 'main table' },
  { name: 'nodes', words: 'Nodes', address: '/nodes', ready: 'main h1' },
  { name: 'node', words: 'One node', address: '/nodes/BOS-1', ready: 'main h1' },
  { name: 'alerts', words: 'Alerts that stand, and who knows of them', address: '/alerts', ready: 'main tbody td' },
  { name: 'alert-channels', words: 'Where alerts go', address: '/alerts/channels', ready: 'main h2, main tbody td' },
  { name: 'signals', words: 'Series that are watched', address: '/signals', ready: 'main tbody td' },
  { name: 'calendar', words: 'What is planned', address: '/calendar', ready: 'main h2, main tbody td' },
  {
    name: 'predictions',
    words: 'Predictions, and how far they can be believed',
    address: '/predictions',
    ready: 'article',
  },
  { name: 'learning', words: 'What was learned of alerts', address: '/learning', ready: 'main tbody td' },
  {
    name: 'anomaly',
    words: 'A figure outside of what was expected, and why',
    address: first('/v1/exceptions?kind=kpi-anomaly&limit=1', ({ id }) => `/exceptions?ex=${part(id)}`),
    ready: '.exception-panel figure svg path',
  },
  { name: 'kpi-catalog', words: 'The catalog of KPIs', address: '/kpis', ready: '.catalog tbody td' },
  { name: 'kpis', words: 'One KPI', address: '/kpis/orders', ready: 'canvas' },
  {
    name: 'query',
    words: 'A question, its answer, and what moved it',
    address: '/query?m=on-time-dispatch,orders&by=channel,day&t=7d&cmp=previous-period',
    ready: '[data-chart] canvas',
    first: async (page) => {
      await page.locator('.moved').waitFor();
    },
  },
  {
    name: 'query-sql',
    words: 'SQL of an analyst, its completion, and its answer as a chart',
    address: '/query',
    ready: '[data-example]',
    deskOnly: true,
    first: runSql,
  },
  { name: 'explain', words: 'Why a number is what it is', address: addressOfAnExplanation, ready: 'main h1' },
  { name: 'sources', words: 'Sources and what could not be understood', address: '/sources', ready: 'main table' },
  { name: 'source', words: 'One source', address: '/sources/amazon', ready: 'main h1' },
  { name: 'boards', words: 'Boards', address: '/boards', ready: 'main h1' },
  { name: 'board', words: 'Making a board', address: addressOfOwnBoard, ready: 'main h1' },
  { name: 'welcome', words: 'First steps', address: '/welcome', ready: 'main h1' },
  { name: 'settings', words: 'Settings', address: '/settings/nodes', ready: 'main h1' },
  { name: 'policies', words: 'Policies', address: '/settings/policies', ready: 'main h1' },
  { name: 'policy', words: 'One policy, and its dry run', address: '/settings/policies/exceptions', ready: 'main h1' },
  { name: 'people', words: 'People', address: '/access/people', ready: 'main h1' },
  { name: 'keys-of-machines', words: 'Machine keys', address: '/access/keys', ready: 'main h1' },
  { name: 'screens', words: 'Wall screens', address: '/access/screens', ready: 'main h1' },
  { name: 'sessions', words: 'Sessions', address: '/access/sessions', ready: 'main h1' },
  { name: 'audit', words: 'Audit', address: '/access/audit', ready: 'main h1' },
  { name: 'account', words: 'Your account', address: '/account', ready: 'main h1' },
];

async function runSql(page: Page): Promise<void> {
  await page.keyboard.press('Shift+C');
  const editor = page.locator('[data-sql-editor] .cm-content');
  await editor.focus();
  const sql =
    'SELECT toStartOfHour(o.placed_at) AS hour, o.channel, count() AS orders\nFROM orders o\nGROUP BY hour, o.channel\nORDER BY hour';
  await page.keyboard.insertText(sql);
  await page.keyboard.press('Control+Enter');
  await page.locator('[data-facts]').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Lines', exact: true }).click();
  await page.locator('[data-chart] canvas').waitFor();
  await editor.focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(', o.ch');
  await page.locator('.cm-tooltip-autocomplete').waitFor();
}

/** The SKU with the most units reserved: there is something to see in its buckets and movements. */
async function addressOfBusySku(page: Page): Promise<string> {
  const { sku, node } = await busySku(page);
  return `/stock/${part(sku)}?node=${part(node)}&bucket=sellable`;
}

/** One that somebody made, else the one to copy from. */
async function addressOfOwnBoard(page: Page): Promise<string> {
  const answer = await page.context().request.get('/v1/boards');
  const { items } = (await answer.json()) as { items: { id: string; builtIn: boolean }[] };
  return `/boards/${part(items.find(({ builtIn }) => !builtIn)?.id ?? 'executives')}`;
}

async function addressOfAnExplanation(page: Page): Promise<string> {
  const { sku, node } = await busySku(page);
  return `/explain?number=available&sku=${part(sku)}&node=${part(node)}`;
}

async function busySku(page: Page): Promise<{ sku: string; node: string }> {
  const answer = await page.context().request.get('/v1/stock?limit=500');
  const { items } = (await answer.json()) as { items: { sku: string; node: string; allocated: number }[] };
  const busiest = items.toSorted((one, other) => other.allocated - one.allocated)[0];
  if (busiest === undefined) throw new Error('there is no stock to show');
  return busiest;
}
