import { describe, expect, test } from 'vitest';
import { LineJudge } from '../../server/commands/detect/judge-lines.ts';
import { LINE_CHARACTERS_MAX, linesOf } from '../../server/commands/detect/lines-of.ts';
import { readPoint } from '../../server/commands/detect/read-point.ts';
import { anomalyShapes } from '../../streams/events/signals.ts';
import { counts } from '../support/made-series.ts';

const line = (series: string, t: number | string, v: unknown) => JSON.stringify({ series, t, v, kind: 'count' });
async function read(chunks: (string | Buffer)[]): Promise<string[][]> {
  async function* input() {
    yield* chunks;
  }
  const all: string[][] = [];
  for await (const lines of linesOf(input())) all.push(lines);
  return all;
}

describe('a line is a point', () => {
  test.each([
    [1_772_409_600, 1_772_409_600_000],
    [1_772_409_600_000, 1_772_409_600_000],
    [1_772_409_600_000_000, 1_772_409_600_000],
    ['1772409600', 1_772_409_600_000],
    ['2026-03-02T00:00:00Z', 1_772_409_600_000],
    ['2026-03-02 00:00:00', 1_772_409_600_000],
    ['2026-03-02T01:00:00.250+01:00', 1_772_409_600_250],
    ['2026-03-02T01:00+0100', 1_772_409_600_000],
    ['2026-03-02', 1_772_409_600_000],
  ])('time %s', (t, epochMs) => {
    expect(readPoint(line('a', t, 1)).point.t).toBe(epochMs);
  });
  test('numbers as text, null and what Python writes', () => {
    expect(readPoint(line('a', 1, '12.5')).point.v).toBe(12.5);
    expect(readPoint(line('a', 1, null)).point.v).toBeNull();
    expect(readPoint('{"series": "NaN", "t": 1, "v": NaN}')).toMatchObject({ series: 'NaN', point: { v: null } });
    expect(readPoint('{"series":7,"t":1,"v":-Infinity,"expected":"promo"}').point).toMatchObject({
      v: null,
      expected: 'promo',
    });
    expect(readPoint('{"t":60000,"v":1}', 'ms').point.t).toBe(60_000);
  });
});

describe('each line has one answer', () => {
  const numbers = counts({ seed: 60, days: 3 });
  test('in order, with a score, an alert, a band and a word', () => {
    const judge = new LineJudge();
    for (const { t, v } of numbers) {
      const answer = JSON.parse(judge.answer(line('a', t, v)));
      expect(Object.keys(answer)).toEqual(['score', 'alert', 'band', 'what']);
      expect(answer.score >= 0 && answer.score <= 1 && answer.alert >= 0 && answer.alert <= 1).toBe(true);
      expect(answer.band).toEqual(answer.band.toSorted((a: number, b: number) => a - b));
      expect([...anomalyShapes, 'normal']).toContain(answer.what);
    }
  });
  test('a bad line says why, and changes nothing', () => {
    const [clean, disturbed] = [new LineJudge(), new LineJudge()];
    const bad = [
      '',
      '  ',
      '{',
      'null',
      '[1]',
      '{"series":{},"t":1,"v":1}',
      '{"t":1}',
      '{"v":1}',
      '{"t":"soon","v":1}',
      '{"t":1,"v":true}',
    ];
    numbers.forEach(({ t, v }, index) => {
      const answer = JSON.parse(disturbed.answer(bad[index % bad.length]!));
      expect(Object.keys(answer)).toEqual(['error']);
      expect(disturbed.answer(line('a', t, v))).toBe(clean.answer(line('a', t, v)));
    });
  });
  test('series do not know of each other, and more than allowed are refused', () => {
    const [alone, mixed] = [new LineJudge(), new LineJudge({ seriesMax: 2 })];
    for (const { t, v } of numbers) {
      mixed.answer(line('b', t, v! * 3));
      expect(mixed.answer(line('a', t, v))).toBe(alone.answer(line('a', t, v)));
    }
    expect(JSON.parse(mixed.answer(line('c', 1, 1))).error).toContain('more than 2 series');
    expect(JSON.parse(mixed.answer(line('a', numbers.at(-1)!.t + 600_000, 1))).score).toBeGreaterThanOrEqual(0);
  });
  test('who goes on from what was saved answers the same', () => {
    const whole = new LineJudge({ timeZone: 'Europe/Berlin', echo: true });
    let parts = new LineJudge({ timeZone: 'Europe/Berlin', echo: true });
    numbers.forEach(({ t, v }, index) => {
      if (index % 100 === 99) {
        const saved = JSON.parse(JSON.stringify([...parts.save()]));
        parts = new LineJudge({ timeZone: 'Europe/Berlin', echo: true });
        for (const series of saved) parts.restore(series);
      }
      expect(parts.answer(line('a', t, v))).toBe(whole.answer(line('a', t, v)));
    });
  });
});

describe('lines come as they are written', () => {
  test('a chunk gives its whole lines at once; the last line needs no end', async () => {
    const umlaut = Buffer.from('{"series":"Köln"}\r\n');
    expect(await read(['a\nb\nc', 'd\n\n', umlaut.subarray(0, 13), umlaut.subarray(13), 'end'])).toEqual([
      ['a', 'b'],
      ['cd', ''],
      ['{"series":"Köln"}'],
      ['end'],
    ]);
  });
  test('a line without an end takes no more memory than one may, and counts as one', async () => {
    const part = 'x'.repeat(LINE_CHARACTERS_MAX / 4);
    const lines = (await read([part, part, part, part, part, part, '\nnext\n'])).flat();
    expect(lines).toHaveLength(2);
    expect(lines[0]!.length).toBeLessThan(100);
    expect(lines[1]).toBe('next');
  });
});
