/** A question on a board is asked once for all who look, no more often than it may, and shown with its age. */
import { describe, expect, test } from 'vitest';
import { keepQuestionTiles } from '../../server/boards/question-tiles.ts';
import { costTiles, openTiles } from '../../server/boards/tile-contents.ts';
import { type BoardBody, boardBody, unknownKpis } from '../../server/http/contract/boards.ts';
import { type MetricAnswer, metricQuestion } from '../../server/http/contract/questions.ts';
import { questionTile, TILE_GROUPS_MAX } from '../../server/live/contract/boards.ts';
import { sightOf } from '../support/board-mirror.ts';
import { createWorld } from '../support/world.ts';

const asking = (measure: string, sql: string | null = null) => ({
  name: 'Units by channel',
  body: { metrics: { measures: [measure], by: ['channel'], over: { last: '7d' } }, sql },
});
const boardOf = (...questions: ReturnType<typeof asking>[]): BoardBody =>
  boardBody.parse({
    tiles: questions.map((question, at) => ({ id: `t${at}`, kind: 'question', x: at * 3, y: 0, w: 3, h: 2, question })),
  });

function answerOf(measure: string, groups: number): MetricAnswer {
  const one = (name: string, total: number) => ({
    measure,
    group: [name],
    points: [[0, total]] as [number, number][],
    total,
    compared: null,
  });
  return {
    question: metricQuestion.parse({ measures: [measure], by: ['channel'], over: { last: '7d' } }),
    sql: 'SELECT 1',
    parameters: {},
    from: 0,
    to: 1,
    compared: null,
    totals: [{ measure, total: groups, compared: null }],
    series: Array.from({ length: groups }, (_, index) => one(`c${index}`, groups - index)),
    groupsLeftOut: 0,
    targets: [],
    anomalies: [],
    restated: [],
    level: 'hour',
    rowsRead: 1,
    ms: 1,
    dataAsOf: 5,
    eventsBehind: 0,
  };
}

function keep({ groups = 2 } = {}) {
  const bench = { now: 1_000_000_000_000, metrics: 0, sql: 0, fails: false };
  const tiles = keepQuestionTiles({
    ask: async (question) => {
      bench.metrics += 1;
      if (bench.fails) throw new Error('away');
      return answerOf(question.measures[0]!, groups);
    },
    askSql: async () => {
      bench.sql += 1;
      return {
        table: { columns: [{ name: 'x', type: 'UInt8' }], rows: [[1]], cut: false },
        dataAsOf: 7,
        eventsBehind: 3,
      };
    },
    onFault: () => undefined,
    now: () => bench.now,
  });
  return { bench, tiles };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a tile with a question', () => {
  test('says that it has no answer yet, then the answer and when it was asked', async () => {
    const { bench, tiles } = keep();
    const [tile] = boardOf(asking('units')).tiles;
    expect(questionTile.parse(tiles.of(tile!))).toMatchObject({
      asked: 'Units by channel',
      askedAt: null,
      metrics: null,
    });
    await settle();
    const shown = questionTile.parse(tiles.of(tile!));
    expect(shown).toMatchObject({
      askedAt: bench.now,
      dataAsOf: 5,
      problem: null,
      measures: [{ id: 'units', name: 'Units' }],
    });
    expect(shown.metrics!.series).toHaveLength(2);
  });

  test('is asked once, however many boards show it and however often they are looked at', async () => {
    const { bench, tiles } = keep();
    const board = boardOf(asking('units'), asking('units'));
    for (let look = 0; look < 100; look++) {
      for (const tile of board.tiles) tiles.of(tile);
      await settle();
    }
    expect(bench.metrics).toBe(1);
    bench.now += 59_000;
    tiles.of(board.tiles[0]!);
    await settle();
    expect(bench.metrics).toBe(1);
    bench.now += 1_000;
    tiles.of(board.tiles[0]!);
    await settle();
    expect(bench.metrics).toBe(2);
  });

  test('with SQL is asked every five minutes', async () => {
    const { bench, tiles } = keep();
    const [tile] = boardOf(asking('units', 'SELECT 1')).tiles;
    for (let minute = 0; minute < 10; minute++) {
      tiles.of(tile!);
      await settle();
      bench.now += 60_000;
    }
    expect([bench.sql, bench.metrics]).toEqual([2, 0]);
    expect(tiles.of(tile!)).toMatchObject({ table: { rows: [[1]] }, eventsBehind: 3 });
  });

  test('keeps its last answer and its age when it cannot be asked again', async () => {
    const { bench, tiles } = keep();
    const [tile] = boardOf(asking('units')).tiles;
    tiles.of(tile!);
    await settle();
    const { askedAt } = tiles.of(tile!);
    bench.fails = true;
    bench.now += 60_000;
    tiles.of(tile!);
    await settle();
    expect(tiles.of(tile!)).toMatchObject({ askedAt, problem: 'History does not answer right now.' });
    expect(tiles.of(tile!).metrics).not.toBe(null);
  });

  test('draws the largest groups and counts the others', async () => {
    const { tiles } = keep({ groups: 40 });
    const [tile] = boardOf(asking('units')).tiles;
    tiles.of(tile!);
    await settle();
    const { metrics } = tiles.of(tile!);
    expect(metrics!.series.map(({ group }) => group[0])).toEqual(
      Array.from({ length: TILE_GROUPS_MAX }, (_, index) => `c${index}`),
    );
    expect(metrics!.groupsLeftOut).toBe(40 - TILE_GROUPS_MAX);
  });
});

test('what reveals cost, and all SQL, goes to those who may see cost only', async () => {
  const { tiles } = keep();
  const sight = sightOf(createWorld(), 1_000_000_000_000, { questions: tiles });
  const board = boardOf(asking('units'), asking('margin'), asking('units', 'SELECT sum(cost) FROM orders'));
  const fault = (_: unknown, error: unknown) => {
    throw error;
  };
  const open = openTiles(sight, board, [], fault);
  expect(open['tile:t0']).toMatchObject({ asked: 'Units by channel' });
  expect(open['tile:t1']).toEqual({ problem: 'Cost and margin are not for every role.' });
  expect(open['tile:t2']).toEqual({ problem: 'What SQL tells may be cost, which is not for every role.' });
  expect(Object.keys(costTiles(sight, board, fault))).toEqual(['tile:t1', 'tile:t2']);
});

test('a question of a KPI that is not measured here is named', () => {
  expect(unknownKpis(boardOf(asking('units'), asking('unitz')), new Set(['units']))).toEqual([
    { tile: 1, field: 'question', words: 'asks for the KPI "unitz", which this installation does not have' },
  ]);
});
