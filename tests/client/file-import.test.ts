/** What whoever hands in a file may rely on: it is known for what it is, every line is accounted for, nothing goes twice. */
import { describe, expect, it } from 'vitest';
import { RequestProblem } from '../../client/http/request.ts';
import { eventLines, kindOf } from '../../client/welcome/file-kind.ts';
import { stepsOf } from '../../client/welcome/first-steps.ts';
import { refusedAsCsv } from '../../client/welcome/refused-lines.ts';
import { sendEvents } from '../../client/welcome/send-events.ts';
import {
  delimiterOf,
  firstRows,
  guessColumns,
  guessTimeFormat,
  usesDecimalComma,
} from '../../client/welcome/table-head.ts';
import type { Accepted } from '../../server/http/contract.ts';

describe('a file', () => {
  it('is known by its name and its beginning', () => {
    expect(kindOf('orders.csv', 'a,b\n')).toBe('table');
    expect(kindOf('events.ndjson', '{"specversion":"1.0"}')).toBe('events');
    expect(kindOf('events.json', '[{"id":"1"}]')).toBe('events');
    expect(kindOf('settings.yaml', 'nodes:\n')).toBe('settings');
    expect(kindOf('settings.json', '{"nodes":[]}')).toBe('settings');
    expect(kindOf('my-shop.yaml', '# mine\ntidelineMapping: 1\n')).toBe('mapping');
    expect(kindOf('orders.csv.gz', '\u001f\u008b\u0000')).toBe('unknown');
    expect(kindOf('empty.csv', '')).toBe('unknown');
  });

  it('of events is read line by line, as an array, or as one event over several lines', () => {
    expect(eventLines('{"id":1}\n\n{"id":2}\r\n')).toEqual(['{"id":1}', '{"id":2}']);
    expect(eventLines('[{"id":1},\n{"id":2}]')).toEqual(['{"id":1}', '{"id":2}']);
    expect(eventLines('{\n  "id": 1\n}')).toEqual(['{"id":1}']);
    expect(() => eventLines('[{"id":1}')).toThrow(/JSON/);
  });

  it('of rows shows its columns, whatever parts them', () => {
    const text = '\uFEFFOrder;Article;"Price; each"\r\n1;"a ""b"" c";"14,90"\r\n\r\n2;x;1';
    expect(delimiterOf(text)).toBe(';');
    expect(firstRows(text, ';', 3)).toEqual([
      ['Order', 'Article', 'Price; each'],
      ['1', 'a "b" c', '14,90'],
      ['2', 'x', '1'],
    ]);
    expect(
      guessColumns(
        ['Name', 'Created at', 'Lineitem sku', 'Lineitem quantity', 'Lineitem price'],
        ['order', 'time', 'sku', 'quantity', 'unitPrice'],
      ),
    ).toEqual({
      order: 'Name',
      time: 'Created at',
      sku: 'Lineitem sku',
      quantity: 'Lineitem quantity',
      unitPrice: 'Lineitem price',
    });
    expect(guessTimeFormat('2026-06-01T09:12:00Z')).toBe('iso');
    expect(guessTimeFormat('01.06.2026 09:12')).toBe('dd.MM.yyyy HH:mm');
    expect(guessTimeFormat('25/06/2026 09:12')).toBe('dd/MM/yyyy HH:mm');
    expect(usesDecimalComma(['14,90', '7'])).toBe(true);
    expect(usesDecimalComma(['1,490', '7.5'])).toBe(false);
  });
});

describe('sending a file', () => {
  const lines = Array.from({ length: 2_500 }, (_, index) => `{"id":"${index}"}`);
  const busy = new RequestProblem({ type: '', title: 'Unavailable', status: 503 });
  const options = {
    file: 'x',
    lineOf: (index: number) => index + 1,
    onProgress: () => undefined,
    isCancelled: () => false,
    pauseMs: 1,
  };
  const accept = (body: string, rejected: Accepted['rejected'] = []): Accepted => ({
    delivery: 'd',
    accepted: body.split('\n').length - rejected.length,
    rejected,
  });

  it('goes part by part, waits where the server is busy, and names refused lines by their place in the file', async () => {
    const bodies: string[] = [];
    const progress: number[] = [];
    let refusals = 2;
    const report = await sendEvents(lines, {
      ...options,
      onProgress: (sent) => progress.push(sent),
      post: async (body) => {
        if (bodies.length === 1 && refusals-- > 0) throw busy;
        bodies.push(body);
        return accept(body, bodies.length === 2 ? [{ index: 7, id: '1007', problem: 'is wrong' }] : []);
      },
    });
    expect(report).toEqual({
      sent: 2_500,
      accepted: 2_499,
      stopped: '',
      refused: [{ line: 1_008, id: '1007', problem: 'is wrong' }],
    });
    expect(bodies.join('\n').split('\n')).toEqual(lines);
    expect(progress).toEqual([1_000, 2_000, 2_500]);
  });

  it('goes on after a part of which nothing was right', async () => {
    const rejected = Array.from({ length: 1_000 }, (_, index) => ({ index, id: null, problem: 'is wrong' }));
    let count = 0;
    const report = await sendEvents(lines, {
      ...options,
      post: async (body) => {
        if (++count === 1)
          throw new RequestProblem({ type: '', title: 'No event could be accepted', status: 422, rejected });
        return accept(body);
      },
    });
    expect(report).toMatchObject({ sent: 2_500, accepted: 1_500, stopped: '' });
    expect(report.refused).toHaveLength(1_000);
  });

  it('ends with the reason when it cannot go on, and keeps account of what was sent', async () => {
    let count = 0;
    const report = await sendEvents(lines, {
      ...options,
      post: async (body) => {
        if (++count === 2)
          throw new RequestProblem({ type: '', title: 'Forbidden', status: 403, detail: 'You may not.' });
        return accept(body);
      },
    });
    expect(report).toMatchObject({ sent: 1_000, accepted: 1_000, stopped: 'You may not.' });
  });

  it('lists what was refused so that no spreadsheet runs it', () => {
    const refused = [{ line: 3, id: '=1+1', problem: 'is "wrong", twice' }];
    expect(refusedAsCsv(refused)).toBe('line,id,problem\r\n3,\'=1+1,"is ""wrong"", twice"\r\n');
  });
});

describe('the first steps', () => {
  it('are done as far as it is known, and lead to what is missing', () => {
    const steps = stepsOf({
      sources: 1,
      nodes: true,
      channels: false,
      items: true,
      stock: null,
      people: 1,
      screens: 0,
    });
    expect(steps.map(({ id, done }) => [id, done])).toEqual([
      ['source', true],
      ['settings', false],
      ['stock', null],
      ['people', false],
      ['wall', false],
    ]);
    expect(steps[1]).toMatchObject({ to: '/settings/channels', about: expect.stringContaining('Missing: channels.') });
  });
});
