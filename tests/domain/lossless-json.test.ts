import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEPTH_MAX, readItems, readJson } from '../../streams/ingestion/lossless-json.ts';

const read = (text: string) => readJson(Buffer.from(text));

describe('JSON from outside', () => {
  test('ids beyond 2^53 survive digit by digit', () => {
    expect(read('{"id":820982911946154508,"n":-9007199254740993}')).toEqual({
      value: { id: '820982911946154508', n: '-9007199254740993' },
    });
  });

  test('numbers a float holds exactly stay numbers', () => {
    expect(read('[9007199254740991,0.1234567890123456789,1e3,-0]')).toEqual({
      value: [9007199254740991, 0.12345678901234568, 1000, -0],
    });
  });

  test('whatever JSON can say comes through as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/__proto__|constructor|\\u|\d{16}|e[+-]?\d/i.test(text));
        expect(read(text)).toEqual({ value: JSON.parse(text) });
      }),
      { seed: 20261123, numRuns: 500 },
    );
  });

  test('big integers survive anywhere in a document, whatever stands around them', () => {
    const bigInteger = fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n });
    fc.assert(
      fc.property(bigInteger, fc.string({ maxLength: 20 }), (id, note) => {
        fc.pre(!note.includes('\0') && note.isWellFormed());
        const text = `{"note":${JSON.stringify(note)},"rows":[{"id":${id}}]}`;
        expect(read(text)).toEqual({ value: { note, rows: [{ id: String(id) }] } });
      }),
      { seed: 20261123, numRuns: 500 },
    );
  });

  test.each([
    ['{"a":{"__proto__":{"x":1}}}', 'a: the key "__proto__" is not allowed'],
    ['{"\\u005f_proto__":1}', 'value: the key "__proto__" is not allowed'],
    ['{"constructor":1}', 'value: the key "constructor" is not allowed'],
    ['{"price":1e309}', 'price: is not a finite number'],
    ['{"name":"\\ud800"}', 'name: contains half of a surrogate pair'],
    ['{"name":"a\\u0000b"}', 'name: contains a NUL character'],
    ['NaN', 'is not JSON'],
    ['{"a":1', 'is not JSON'],
    ['', 'is not JSON'],
  ])('%s is refused with its reason', (text, problem) => {
    expect(read(text)).toEqual({ problem: expect.stringContaining(problem) });
  });

  test('depth has a limit, and even absurd depth is only a problem', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(read(nested(DEPTH_MAX))).toHaveProperty('value');
    expect(read(nested(DEPTH_MAX + 1))).toHaveProperty('problem');
    expect(read(nested(1_000_000))).toHaveProperty('problem');
  });

  test('bytes that are not UTF-8 are refused, a byte order mark is not', () => {
    expect(readJson(Buffer.from([0x22, 0xff, 0x22]))).toEqual({ problem: 'the body is not UTF-8 text' });
    expect(readJson(Buffer.from('\ufeff[1]'))).toEqual({ value: [1] });
  });

  test('in a batch a flaw is its own item, not everybody', () => {
    const batch = Buffer.from('[{"a":1},{"a":"\\ud800"},{"a":820982911946154508}]');
    expect(readItems(batch, 'json')).toEqual({
      value: [
        { value: { a: 1 } },
        { problem: expect.stringContaining('a: '), raw: expect.any(String) },
        { value: { a: '820982911946154508' } },
      ],
    });
    const lines = Buffer.from('{"a":1}\r\n\n{broken\n{"a":2}');
    expect(readItems(lines, 'lines')).toEqual({
      value: [
        { value: { a: 1 } },
        { problem: expect.stringContaining('is not JSON'), raw: '{broken' },
        { value: { a: 2 } },
      ],
    });
  });
});
