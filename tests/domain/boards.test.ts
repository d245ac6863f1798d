import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kpis } from '../../analytics/kpis/index.ts';
import { attention, callingNow, pinnedOf } from '../../server/boards/attention.ts';
import { builtInBoards, channelBoard, nodeBoard } from '../../server/boards/built-in-boards.ts';
import { kpiTile } from '../../server/boards/kpi-tile.ts';
import type { Part } from '../../server/boards/part.ts';
import { sameTimeLastWeek, vsLastWeekday } from '../../server/boards/same-time-last-week.ts';
import { costTiles, openTiles } from '../../server/boards/tile-contents.ts';
import { readBoardFile, writeBoardFile } from '../../server/http/contract/board-file.ts';
import { type BoardBody, type BoardTile, boardBody, unknownKpis } from '../../server/http/contract/boards.ts';
import { tileContent } from '../../server/live/contract/boards.ts';
import { kpiTile as kpiTileSchema } from '../../server/live/contract.ts';
import { sightOf } from '../support/board-mirror.ts';
import { createWorld, eventOf, HOUR, MINUTE, openShop, orderOf, T0, type World } from '../support/world.ts';

const DAY = 24 * HOUR;
const measured = new Set(kpis.map(({ id }) => id));
const noFault = (_: BoardTile, error: unknown): never => {
  throw error;
};
const ship = (order: string, node: string, at: number, quantity = 1) =>
  eventOf('fulfilment.dispatched', { shipment: `s-${order}`, order, node, lines: [{ line: '1', quantity }] }, { at });

/** A shop with an order every hour for nine days up to `now`, shipped two hours later, and its feeds. */
function busyShop(now: number, timeZone = 'UTC'): World {
  const world = createWorld();
  openShop(world, { north: 5_000, south: 5_000 });
  world.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR', timeZone }),
    eventOf('node.defined', { node: 'north', name: 'North', kind: 'warehouse', timeZone }),
    eventOf('node.defined', { node: 'south', name: 'South', kind: 'warehouse', timeZone }),
  );
  for (let at = now - 9 * DAY; at < now; at += HOUR) {
    const order = `o-${at}`;
    world.apply(
      orderOf(order, 1, { node: 'north', shipBy: new Date(at + 3 * HOUR).toISOString() }, { at, receivedAt: at }),
    );
    if (at + 2 * HOUR < now) world.apply(ship(order, 'north', at + 2 * HOUR));
  }
  return world;
}

const tile = (world: World, id: string, now: number, part: Part = {}, per?: 'minute') =>
  kpiTileSchema.parse(kpiTile(sightOf(world, now), id, part, per));

describe('a figure on a tile', () => {
  const now = T0 + 30 * MINUTE;
  const world = busyShop(now);

  test('every KPI of the catalog makes a tile, whatever its kind', () => {
    for (const { id, unit, name } of kpis) {
      expect(tile(world, id, now), id).toMatchObject({ id, unit, name, part: {} });
    }
  });

  test('counts are those since midnight, and the same time last week counts to the same minute', () => {
    // Midnight to 08:30 holds the orders of 00:30, 01:30 … 07:30.
    expect(tile(world, 'orders', now)).toMatchObject({
      value: 8,
      period: 'today',
      comparison: { label: 'vs last Mon', value: 8, change: 0, relative: false },
    });
    expect(tile(world, 'revenue', now)).toMatchObject({ value: 7_200, currency: 'EUR', why: null });
  });

  test('a pace is told per minute, and only of what is counted', () => {
    expect(tile(world, 'orders', now, {}, 'minute')).toMatchObject({ unit: 'perMinute', value: 0, target: null });
    expect(tile(world, 'orders', now - 25 * MINUTE, {}, 'minute').comparison).toMatchObject({ value: 0 });
    expect(() => tile(world, 'open-orders', now, {}, 'minute')).toThrow(/no figure per minute/);
    expect(() => tile(world, 'on-time-dispatch', now, {}, 'minute')).toThrow(/no figure per minute/);
  });

  test('a rate and a quantile look back a day and are judged by their target', () => {
    expect(tile(world, 'on-time-dispatch', now)).toMatchObject({ value: 100, status: 'ok', period: 'last 24 hours' });
    expect(tile(world, 'cycle-time-p50', now)).toMatchObject({ status: 'ok', comparison: { label: 'vs last Mon' } });
    expect(tile(world, 'cycle-time-p50', now).value).toBeCloseTo(2, 1);
  });

  test('a rate looks further back when nothing was counted, and says how far', () => {
    const later = now + 2 * DAY;
    expect(tile(world, 'line-fill-rate', later)).toMatchObject({ value: 100, period: 'last 3 days', comparison: null });
    expect(tile(world, 'line-fill-rate', later + 30 * DAY)).toMatchObject({ value: null, status: 'none' });
    expect(tile(world, 'line-fill-rate', later + 30 * DAY).why).toContain('last 24 hours');
  });

  test('zero is a figure; no data is none, and says why', () => {
    const empty = createWorld();
    for (const { id } of kpis.filter((kpi) => !['money-at-risk', 'exceptions-open'].includes(kpi.id))) {
      const { value, why, status, comparison } = tile(empty, id, now);
      expect({ value, status, comparison }, id).toEqual({ value: null, status: 'none', comparison: null });
      expect(why, id).not.toBe('');
    }
    expect(tile(world, 'cancelled-lines-fraud', now)).toMatchObject({ value: 0, why: null });
    expect(tile(world, 'past-promise', now)).toMatchObject({ value: 0, status: 'ok', why: null });
  });

  test('a week ago that is not on record is compared with nothing', () => {
    const since = (began: number) => {
      const young = createWorld();
      openShop(young, { north: 100 });
      young.apply(orderOf('o-1', 1, {}, { at: began }), orderOf('o-2', 1, {}, { at: now - HOUR }));
      return young;
    };
    // It began in the night, and a morning a week ago that is known in part is not known.
    for (const began of [now - 6 * DAY, now - 7 * DAY - HOUR]) {
      expect(tile(since(began), 'orders', now)).toMatchObject({ value: 1, comparison: null });
      expect(tile(since(began), 'oversell-rate', now)).toMatchObject({ value: 0, comparison: null });
    }
    expect(tile(since(now - 7 * DAY + HOUR), 'orders', now, {}, 'minute').comparison).toBe(null);
    expect(tile(since(now - 7 * DAY - HOUR), 'orders', now, {}, 'minute').comparison).toMatchObject({ value: 0 });
    expect(tile(since(now - 9 * DAY), 'orders', now).comparison).toMatchObject({ value: 0, change: 1 });
  });

  test('it is of the node or the channel that was asked for', () => {
    const here = createWorld();
    openShop(here, { north: 100, south: 100 });
    here.apply(
      eventOf('node.defined', { node: 'north', name: 'North', kind: 'warehouse' }),
      eventOf('node.defined', { node: 'south', name: 'South', kind: 'warehouse' }),
      ...['a', 'b', 'c'].map((order) => orderOf(order, 2, { node: 'north' }, { at: now - HOUR })),
      orderOf('d', 1, { node: 'south' }, { at: now - HOUR }),
    );
    const ofNode = (node: string) => tile(here, 'open-orders', now, { node });
    expect(ofNode('north')).toMatchObject({ value: 3, part: { node: 'North' } });
    expect(ofNode('south')).toMatchObject({ value: 1, part: { node: 'South' } });
    expect(tile(here, 'open-orders', now, { channel: 'web' })).toMatchObject({ value: 4, part: { channel: 'Web' } });
    expect(tile(here, 'on-hand', now, { node: 'south' }).value).toBe(100);
    expect(tile(here, 'units', now, { node: 'north' }).value).toBe(6);
  });

  test("the company's figure never passes for that of a part", () => {
    expect(() => tile(world, 'on-hand', now, { channel: 'web' })).toThrow('On hand is not measured by channel.');
    expect(() => tile(world, 'latency-push-p50', now, { node: 'north' })).toThrow(/not measured by node/);
    expect(() => tile(world, 'orders', now, { node: 'nowhere' })).toThrow('There is no node "nowhere".');
    expect(() => tile(world, 'no-such', now)).toThrow('There is no KPI "no-such".');
  });

  test('only feeds that it rests on make it stale', () => {
    const feeds = createWorld();
    const by = (source: string, at = now) => ({ source, at });
    feeds.apply(
      eventOf('node.defined', { node: 'north', name: 'North', kind: 'warehouse' }, by('shop')),
      eventOf('node.defined', { node: 'south', name: 'South', kind: 'warehouse' }, by('shop')),
      eventOf(
        'source.defined',
        { source: 'wms', name: 'WMS', kind: 'warehouse', node: 'north', silentAfterMinutes: 5 },
        by('wms', now - HOUR),
      ),
      eventOf('source.defined', { source: 'shop', name: 'Shop', channel: 'web', silentAfterMinutes: 5 }, by('shop')),
      eventOf(
        'source.defined',
        { source: 'market', name: 'Market', channel: 'market', silentAfterMinutes: 5 },
        by('market', now - HOUR),
      ),
      orderOf('o-0', 1, { channel: 'market' }, by('market', now - HOUR)),
      orderOf('o-1', 1, {}, by('shop', now - HOUR)),
      orderOf('o-2', 1, {}, by('shop')),
      eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 1 }, by('wms', now - HOUR)),
    );
    const stale = (id: string, part: Part, at = now) => tile(feeds, id, at, part).staleSources.sort();
    expect(stale('open-orders', { node: 'north' })).toEqual(['Market', 'WMS']);
    expect(stale('open-orders', { node: 'south' })).toEqual(['Market']);
    expect(stale('orders', { channel: 'web' })).toEqual(['WMS']);
    expect(stale('orders', { channel: 'market' })).toEqual(['Market', 'WMS']);
    expect(stale('orders', {}, now + HOUR)).toEqual(['Market', 'Shop', 'WMS']);
    expect(stale('latency-push-p50', {}, now + HOUR)).toEqual([]);
    expect(tile(feeds, 'open-orders', now + HOUR).asOf).toBe(now);
  });

  test('below the band that was learned is a warning', () => {
    const withBand = (low: number) =>
      kpiTile(
        sightOf(world, now, {
          band: (_, __, { steps }) => ({ low: Array(steps).fill(low), high: Array(steps).fill(9) }),
        }),
        'orders',
        {},
        'minute',
      );
    expect(withBand(2)).toMatchObject({ status: 'high' });
    expect(withBand(0)).toMatchObject({ status: 'ok' });
    expect(withBand(2).spark.low).toHaveLength(withBand(2).spark.values.length);
  });

  test('a level has the past that history tells', () => {
    const past = { of: () => ({ from: now - DAY, hours: [5, 6], lastWeek: 40 }) };
    expect(kpiTile(sightOf(world, now, { past }), 'on-hand', {})).toMatchObject({
      period: 'now',
      comparison: { label: 'vs last Mon', value: 40, relative: false },
      spark: { values: [5, 6, expect.any(Number)] },
    });
  });
});

describe('the same time last week', () => {
  test.each([
    ['spring', '2026-03-31T10:15:00+02:00', '2026-03-24T10:15:00+01:00'],
    ['autumn', '2026-10-27T10:15:00+01:00', '2026-10-20T10:15:00+02:00'],
    ['no change', '2026-06-16T10:15:00+02:00', '2026-06-09T10:15:00+02:00'],
  ])('is the same time on the clock: %s', (_, at, before) => {
    expect(sameTimeLastWeek('Europe/Berlin', Date.parse(at))).toBe(Date.parse(before));
    expect(vsLastWeekday('Europe/Berlin', Date.parse(at))).toBe('vs last Tue');
  });

  test('counts up to it do not shift by the hour that clocks did', () => {
    // 10:30 in Berlin, two days after clocks went forward: eleven orders since midnight now and a week ago.
    const now = Date.parse('2026-03-31T10:30:00+02:00');
    const berlin = busyShop(now, 'Europe/Berlin');
    expect(tile(berlin, 'orders', now)).toMatchObject({ value: 10, comparison: { value: 10, label: 'vs last Tue' } });
  });

  test('is a week earlier to the hour, in any zone', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2030-01-01') }),
        (zone, at) => Math.abs(at - 7 * DAY - sameTimeLastWeek(zone, at)) <= HOUR,
      ),
    );
  });
});

describe('a board', () => {
  const now = T0 + 30 * MINUTE;
  const world = busyShop(now);
  const at = (x: number, y: number) => ({ x, y, w: 3, h: 2 });

  test('every built-in one is valid, asks for KPIs there are, and shows all of its tiles', () => {
    const all = [...builtInBoards, nodeBoard('north', 'North'), channelBoard('web', 'Web')];
    for (const { id, body } of all) {
      expect(boardBody.parse(body), id).toEqual(body);
      expect(unknownKpis(body, measured), id).toEqual([]);
      const sight = sightOf(world, now);
      const tiles = { ...openTiles(sight, body, [], noFault), ...costTiles(sight, body, noFault) };
      for (const { id: name } of body.tiles) {
        const content = tileContent.parse(tiles[`tile:${name}`]);
        expect(content, `${id} ${name}`).not.toHaveProperty('problem');
      }
    }
  });

  test('what one tile cannot say takes no other down, and is told in words', () => {
    const faults: string[] = [];
    const broken = sightOf(world, now, {
      past: {
        of: () => {
          throw new Error('canary');
        },
      },
    });
    const body: BoardBody = {
      tiles: [
        { id: 'a', kind: 'kpi', kpi: 'open-orders', ...at(0, 0) },
        { id: 'b', kind: 'kpi', kpi: 'no-such', ...at(3, 0) },
        { id: 'c', kind: 'kpi', kpi: 'orders', ...at(6, 0) },
        { id: 'd', kind: 'node', node: 'nowhere', ...at(9, 0) },
        { id: 'e', kind: 'text', text: 'Hello', ...at(0, 2) },
      ],
    };
    const entries = openTiles(broken, body, [], ({ id }) => faults.push(id));
    expect(entries['tile:a']).toEqual({ problem: expect.not.stringContaining('canary') });
    expect(entries['tile:b']).toEqual({ problem: 'There is no KPI "no-such".' });
    expect(entries['tile:c']).toMatchObject({ value: 8 });
    expect(entries['tile:d']).toEqual({ problem: 'There is no node "nowhere".' });
    expect(entries).not.toHaveProperty('tile:e');
    expect(faults).toEqual(['a']);
  });

  test('cost and margin never stand among the tiles that all viewers share', () => {
    const body: BoardBody = {
      tiles: [
        { id: 'm', kind: 'kpi', kpi: 'margin', ...at(0, 0) },
        { id: 'r', kind: 'kpi', kpi: 'revenue', ...at(3, 0) },
      ],
    };
    const sight = sightOf(world, now);
    expect(openTiles(sight, body, [], noFault)).toMatchObject({
      'tile:m': { problem: 'Cost and margin are not for every role.' },
      'tile:r': { value: 7_200 },
    });
    const apart = costTiles(sight, body, noFault);
    expect(Object.keys(apart)).toEqual(['tile:m']);
    expect(apart['tile:m']).toMatchObject({ id: 'margin', value: 8 * (900 - 300) });
  });

  test('attention is of its part, the worst first; what is pinned is of everything, the newest first', () => {
    const late = busyShop(now);
    late.apply(
      eventOf('source.defined', {
        source: 'wms',
        name: 'WMS',
        kind: 'warehouse',
        node: 'south',
        silentAfterMinutes: 5,
      }),
    );
    const one = (id: string, more: object) => ({ ...callingNowTemplate, id, subject: id, ...more }) as never;
    const calling = [
      one('EX-1', { severity: 'high', node: 'north', openedAt: now - HOUR }),
      one('EX-2', { severity: 'critical', node: 'south', moneyAtRisk: 900, openedAt: now - HOUR }),
      one('EX-3', { severity: 'critical', node: 'south', moneyAtRisk: 5, openedAt: now - MINUTE }),
    ];
    const { mirror } = sightOf(late, now);
    expect(attention(mirror, calling, {}).map(({ id }) => id)).toEqual(['EX-2', 'EX-3', 'EX-1']);
    expect(attention(mirror, calling, { node: 'north' }).map(({ id }) => id)).toEqual(['EX-1']);
    expect(pinnedOf(mirror, calling)).toMatchObject({ critical: 2, high: 1, rows: [{ id: 'EX-3' }, { id: 'EX-2' }] });
    expect(attention(mirror, calling, {})[0]).not.toHaveProperty('inputs');
    expect(callingNow(mirror)).toEqual([]);
  });
});

const callingNowTemplate = {
  kind: 'node-behind',
  title: 'Behind',
  detail: 'Behind',
  severity: 'high',
  since: 1,
  updatedAt: 1,
  openedAt: 1,
  deadline: 0,
  moneyAtRisk: 0,
  currency: 'EUR',
  formula: 'f',
  inputs: { a: 1 },
  advice: '',
  condition: 'holds',
  work: 'open',
  version: 1,
  owner: '',
  returns: 0,
};

describe('a board as it is kept or sent as a file', () => {
  const kpi = (id: string, more: Partial<BoardTile> = {}): BoardTile => ({
    id,
    kind: 'kpi',
    kpi: 'orders',
    x: 0,
    y: 0,
    w: 3,
    h: 3,
    ...more,
  });
  const wordsOf = (tiles: BoardTile[]) =>
    boardBody.safeParse({ tiles }).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

  test('tiles lie on the grid and not on each other, and are told apart', () => {
    expect(wordsOf([kpi('a'), kpi('b', { x: 3 })])).toEqual([]);
    expect(wordsOf([kpi('a'), kpi('b', { x: 2 })])).toEqual(['tiles.1.x: lies on top of tile 1']);
    expect(wordsOf([kpi('a', { x: 10 })])).toEqual(['tiles.0.w: reaches beyond column 12']);
    expect(wordsOf([kpi('a', { y: 11 })])).toEqual(['tiles.0.h: reaches beyond row 12']);
    expect(wordsOf([kpi('a'), kpi('a', { x: 3 })])).toEqual(['tiles.1.id: is the id of another tile: "a"']);
    expect(wordsOf([{ ...kpi('a'), kpi: undefined }])).toEqual(['tiles.0.kpi: is missing: which KPI is shown?']);
  });

  test('comes back from a file as it was', () => {
    for (const { name, body } of builtInBoards) {
      expect(readBoardFile(writeBoardFile(name, body), measured)).toEqual({ board: { name, body } });
    }
  });

  test.each([
    ['not JSON', '{', 'The file is not JSON.'],
    ['something else', '{"a":1}', 'The file is JSON, but not a board of Tideline.'],
    ['nothing', 'null', 'The file is JSON, but not a board of Tideline.'],
    ['from later', '{"tideline":"board","version":9}', 'The file has version 9; this Tideline reads version 1.'],
  ])('a file that is %s is refused in words', (_, text, words) => {
    expect(readBoardFile(text, measured)).toEqual({ problems: [words] });
  });

  test('what is wrong in a file is named by tile', () => {
    const read = (tiles: object[]) =>
      readBoardFile(JSON.stringify({ tideline: 'board', version: 1, name: 'B', body: { tiles } }), measured);
    expect(read([kpi('a'), kpi('b', { x: 3, kpi: 'sunshine' })])).toEqual({
      problems: ['Tile 2, kpi: asks for the KPI "sunshine", which this installation does not have.'],
    });
    expect(read([{ ...kpi('a'), w: 0 }])).toEqual({ problems: [expect.stringMatching(/^Tile 1, w: /)] });
  });
});
