import { describe, expect, it } from 'vitest';
import { targetName } from '../../client/alerts/alert-words.ts';
import { channelForm, requestOf } from '../../client/alerts/channel-form.ts';
import { idOf } from '../../client/alerts/channel-words.ts';
import { inOrder } from '../../client/calendar/planned-words.ts';
import { drawnBand } from '../../client/charts/expected-band.ts';
import { drawPanelChart } from '../../client/charts/panel-chart.ts';
import { instantOfLocal, textOfLocal } from '../../client/formats/local-time.ts';
import { effectWords } from '../../client/learning/learning-words.ts';
import { drawnBins, SIDE, verdictOf } from '../../client/predictions/reliability-drawing.ts';
import { expectedQuery } from '../../client/query/answer/expected.ts';
import { type AlertChannel, alertChannelRequest } from '../../server/http/contract/alert-channels.ts';
import type { CalendarEntryView } from '../../server/http/contract/signals.ts';

const known = (settings: AlertChannel['settings']): AlertChannel => ({
  id: 'ops',
  version: 3,
  name: 'Ops',
  kind: settings!.kind,
  on: true,
  target: 'somewhere',
  changedAt: 0,
  changedBy: 'Ada',
  secretSince: 1,
  lastTest: null,
  settings,
});

describe('the form of a channel', () => {
  const each: NonNullable<AlertChannel['settings']>[] = [
    { kind: 'email', recipients: ['a@example.com', 'b@example.com'], server: null, from: null },
    {
      kind: 'email',
      recipients: ['a@example.com'],
      server: { host: 'smtp.example.com', port: 465, security: 'tls', user: 'u', hasPassword: true },
      from: 'x@example.com',
    },
    { kind: 'slack', mention: 'here' },
    { kind: 'teams' },
    { kind: 'pagerduty', url: 'https://events.eu.pagerduty.com/v2/enqueue' },
    { kind: 'webhook', hasAuthorization: true, secrets: [] },
  ];

  it.each(each)('saved untouched, keeps what is set and gives no secret ($kind)', (settings) => {
    const channel = known(settings);
    const request = requestOf(channelForm(channel), channel);
    expect(alertChannelRequest.safeParse(request).error).toBeUndefined();
    expect(request).toMatchObject({ id: 'ops', version: 3, name: 'Ops', on: true });
    expect(JSON.stringify(request)).not.toMatch(/password|routingKey|authorization/);
    const kept = { ...settings, hasAuthorization: undefined, secrets: undefined };
    const expected = JSON.parse(JSON.stringify(kept)) as { server?: { hasPassword?: boolean } | null };
    if (expected.server) delete expected.server.hasPassword;
    expect(request.settings).toMatchObject(expected);
  });

  it('names a new one after what people call it', () => {
    const form = channelForm();
    Object.assign(form, { name: 'Équipe Entrepôt №1', recipients: 'a@example.com' });
    expect(requestOf(form).id).toBe('equipe-entrepot-no1');
    expect(idOf('—')).toBe('');
  });
});

describe('targets', () => {
  it('are told by the names people gave them', () => {
    const names = new Map([['ops', 'Ops on call']]);
    expect(targetName('channel:ops', names)).toBe('Ops on call');
    expect(targetName('channel:gone', names)).toBe('gone');
    expect(targetName('person:ana@example.com', names)).toBe('ana@example.com');
  });
});

describe('a reliability diagram', () => {
  const bin = (said: number | null, happened: number | null, count: number) =>
    ({ from: 0, to: 0.1, said, happened, count, low: happened, high: happened }) as const;

  it('draws bins that have predictions, upside up, the commonest largest', () => {
    const drawn = drawnBins([bin(0.05, 0, 400), bin(null, null, 0), bin(1, 1, 4)]);
    expect(drawn.map(({ x, y }) => [x, y])).toEqual([
      [0.05 * SIDE, SIDE],
      [SIDE, 0],
    ]);
    expect(drawn[0]!.radius).toBeGreaterThan(drawn[1]!.radius);
  });

  it('says how far it can be believed, and that few are too few', () => {
    const figures = { skill: 0.4, calibrationError: 0.03 } as never;
    expect(verdictOf({ figures: null, settled: 0 })).toContain('Nothing is settled');
    expect(verdictOf({ figures, settled: 7 })).toContain('Only 7');
    expect(verdictOf({ figures, settled: 700 })).toBe('40% better than habit, off by 3% on the whole.');
    expect(verdictOf({ figures: { ...(figures as object), skill: -0.1 } as never, settled: 700 })).toContain(
      'No better',
    );
  });
});

describe('the band of a chart', () => {
  it('has a height where it has edges, and a hole where nothing is known', () => {
    const point = (at: number, low: number | null, high: number | null) =>
      ({ at, low, mid: low, high, value: null, score: null }) as const;
    const band = drawnBand({
      points: [point(0, 2, 5), point(1, null, null)],
      anomalies: [{ from: 0, to: null, what: 'drop', score: 0.9, exception: 'kpi-anomaly:orders////' }],
      planned: [],
      to: 7,
    });
    expect(band!.height).toEqual([
      [0, 3],
      [1, null],
    ]);
    expect(band!.outside).toEqual([{ from: 0, to: 7, name: 'drop' }]);
    expect(drawnBand({ points: [], anomalies: [], planned: [], to: 0 })).toBeNull();
  });

  it('is one shape for each stretch without a hole', () => {
    const points = [0, 1, 2, 3, 4, 5].map((at) => ({ at, low: at === 2 ? null : 1, high: at === 2 ? null : 2 }));
    const lines = [{ name: '', look: 'solid' as const, points: points.map(({ at }): [number, number] => [at, 1]) }];
    const picture = drawPanelChart({ lines, area: { name: '', points }, now: 9 }, 'UTC', 300, 100);
    expect(picture!.area.match(/M/g)).toHaveLength(2);
  });
});

describe('a plan', () => {
  const entry = (from: number, to: number): CalendarEntryView => ({
    entry: `${from}`,
    kind: 'promotion',
    name: '',
    from,
    to,
    version: 1,
    by: null,
    changedAt: 0,
  });

  it('stands before what is to come, and that before what is over', () => {
    const order = inOrder([entry(0, 2), entry(20, 30), entry(5, 15), entry(0, 4)], 10);
    expect(order.map(({ entry: one, when }) => [one.from, one.to, when])).toEqual([
      [5, 15, 'now'],
      [20, 30, 'to come'],
      [0, 4, 'over'],
      [0, 2, 'over'],
    ]);
  });

  it('keeps its moments through the form, also beside a change of clocks', () => {
    for (const text of ['2026-03-29T01:30', '2026-03-29T03:00', '2026-10-25T04:00', '2026-07-01T00:00']) {
      expect(textOfLocal(instantOfLocal(text, 'Europe/Berlin'), 'Europe/Berlin')).toBe(text);
    }
  });
});

describe('the effect of a suggestion', () => {
  it('says what would have been told less, the useful as well as the useless', () => {
    const before = { told: 68, useful: 30, notUseful: 33, unknown: 5, moneyAtRisk: 0 };
    const after = { ...before, told: 41, useful: 27, notUseful: 9 };
    expect(effectWords(before, after)).toBe('41 alerts instead of 68: 3 useful less, 24 for nothing less');
  });
});

describe('the band behind an answer', () => {
  const question = { by: [] as string[], where: [] as never[], grain: 'hour' as const };
  const times = [3_600_000, 7_200_000];

  it('is that of the whole, or of the one channel, node, source or SKU that the line is of', () => {
    const span = { kpi: 'orders', from: 3_600_000, to: 10_800_000, step: 3_600_000 };
    expect(expectedQuery(question, 'orders', [], times)).toEqual(span);
    expect(expectedQuery({ ...question, by: ['channel'] }, 'orders', ['web'], times)).toEqual({
      ...span,
      channel: 'web',
    });
    const where = [{ dimension: 'node', is: 'in' as const, values: ['BER-1'] }];
    expect(expectedQuery({ ...question, where }, 'orders', [], times)).toEqual({ ...span, node: 'BER-1' });
  });

  it('is none where nobody watches such a line', () => {
    const by = ['channel', 'node'];
    expect(expectedQuery({ ...question, by }, 'orders', ['web', 'BER-1'], times)).toBeNull();
    expect(expectedQuery({ ...question, by: ['country'] }, 'orders', ['DE'], times)).toBeNull();
    expect(expectedQuery({ ...question, by: ['channel'] }, 'orders', [null], times)).toBeNull();
    const where = [{ dimension: 'channel', is: 'not-in' as const, values: ['web'] }];
    expect(expectedQuery({ ...question, where }, 'orders', [], times)).toBeNull();
    expect(expectedQuery({ ...question, grain: 'month' }, 'orders', [], times)).toBeNull();
    expect(expectedQuery(question, 'orders', [], [])).toBeNull();
  });
});
