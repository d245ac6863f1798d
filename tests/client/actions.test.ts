import { flushPromises, mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import ActionForm from '../../client/actions/ActionForm.vue';
import { type CatalogEntry, fieldsOf, offersFor } from '../../client/actions/actions.ts';
import { standingOf } from '../../client/actions/recorded-actions.ts';
import type { ActionPreview, ActionView } from '../../server/http/contract/actions.ts';
import type { ExceptionRow } from '../../server/live/contract.ts';

const entry = (
  kind: string,
  properties: object,
  required: string[],
  more: Partial<CatalogEntry> = {},
): CatalogEntry => ({
  kind,
  title: kind,
  does: 'Does it.',
  undoable: true,
  whyNoUndo: '',
  input: { type: 'object', properties, required },
  ...more,
});
const text = { type: 'string' };
const quarantine = entry('quarantine', { sku: text, node: text, quantity: { type: 'integer' }, reason: text }, [
  'sku',
  'node',
  'quantity',
  'reason',
]);
const outcome: ActionPreview = {
  words: 'Quarantine 2 units',
  refused: null,
  asOf: 1,
  fingerprint: 'as-seen',
  sentences: ['tea at north: sellable 5 to 3.'],
  stock: [],
  channels: [],
  orders: [],
  exceptions: [],
  money: { currency: 'EUR', atRisk: { before: 100, after: 0 }, stockValue: { before: 0, after: 0 } },
  instructions: [],
};

type Sent = { path: string; body: Record<string, unknown> };
let sent: Sent[] = [];
let answer: (sent: Sent) => { status: number; content: object };
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  sent = [];
  vi.stubGlobal('fetch', async (path: string, { body }: { body: string }) => {
    const one = { path, body: JSON.parse(body) };
    sent.push(one);
    const { status, content } = answer(one);
    return new Response(JSON.stringify(content), { status });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
const settled = async () => {
  await vi.advanceTimersByTimeAsync(1_000);
  await flushPromises();
};

describe('the form of an action', () => {
  const open = () => {
    const offer = { kind: 'quarantine', input: { sku: 'tea', node: 'north', quantity: 2 } };
    return mount(ActionForm, { props: { entry: quarantine, offer, exception: 'EX-1' } });
  };

  it('asks only for what is not known, and for nothing of the server before that is complete', async () => {
    answer = () => ({ status: 200, content: outcome });
    const form = open();
    await settled();
    expect(form.findAll('label span').map((label) => label.text())).toEqual(['quantity', 'reason']);
    expect(form.text()).toContain('Fill in reason');
    expect(sent).toEqual([]);
  });

  it('shows the effect before it can be done, and does exactly what was shown', async () => {
    answer = ({ path }) => ({
      status: 200,
      content: path.endsWith('/preview') ? outcome : { action: 'x', status: 'done' },
    });
    const form = open();
    await form.find('input[type=text]').setValue('wet');
    expect(form.find('button[type=submit]').attributes('disabled')).toBeDefined();
    await settled();
    expect(form.text()).toContain('sellable 5 to 3');
    await form.find('form').trigger('submit');
    await settled();
    expect(sent.map(({ path }) => path)).toEqual(['/v1/actions/preview', '/v1/actions']);
    expect(sent[1]!.body).toMatchObject({ kind: 'quarantine', exception: 'EX-1', fingerprint: 'as-seen' });
    expect(sent[1]!.body['input']).toEqual({ sku: 'tea', node: 'north', quantity: 2, reason: 'wet' });
    expect(form.emitted('done')).toHaveLength(1);
  });

  it('says why it cannot be done, keeps what was typed, and tries again under the same id', async () => {
    answer = ({ path }) =>
      path.endsWith('/preview')
        ? { status: 200, content: outcome }
        : {
            status: 409,
            content: { title: 'Not as things stand', status: 409, detail: 'north has 1 sellable of tea, not 2' },
          };
    const form = open();
    await form.find('input[type=text]').setValue('wet');
    await settled();
    for (let time = 0; time < 2; time += 1) {
      await form.find('form').trigger('submit');
      await settled();
    }
    expect(form.find('[role=alert]').text()).toBe('north has 1 sellable of tea, not 2');
    expect((form.find('input[type=text]').element as HTMLInputElement).value).toBe('wet');
    const ids = sent.filter(({ path }) => path === '/v1/actions').map(({ body }) => body['action']);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });
});

describe('what is offered', () => {
  const row = { id: 'EX-1', sku: 'tea', node: 'north', suggests: [{ action: 'request-count', input: { sku: 'tea' } }] };
  const known = new Map(['request-count', 'transfer', 'hold-order'].map((kind) => [kind, entry(kind, {}, [])]));

  it('begins with what was suggested, and leaves out what the server does not know', () => {
    expect(offersFor(row as unknown as ExceptionRow, known)).toEqual([
      { kind: 'request-count', input: { sku: 'tea' } },
      { kind: 'transfer', input: { sku: 'tea', toNode: 'north' } },
    ]);
  });

  it('has a field for each text, number and choice, and none for lists', () => {
    const lists = entry('x', { order: text, kind: { enum: ['a', 'b'] }, lines: { type: 'array' } }, ['order']);
    expect(fieldsOf(lists).map(({ name, type, required }) => [name, type, required])).toEqual([
      ['order', 'text', true],
      ['kind', 'choice', false],
    ]);
  });
});

describe('an offer against what was done about the exception', () => {
  const offer = { kind: 'transfer', input: { sku: 'tea', toNode: 'north', quantity: 7 } };
  const taken = (status: ActionView['status'], more: Partial<ActionView> = {}) =>
    ({ action: 'act-1', kind: 'transfer', input: { ...offer.input }, at: 1, status, ...more }) as ActionView;
  const offered = { state: 'offered' };

  it('is done once it was taken as offered, also while it is on its way and where a person filled in the rest', () => {
    expect(standingOf(offer, [])).toEqual(offered);
    const filled = taken('done', { input: { reason: 'promised', quantity: 7, toNode: 'north', sku: 'tea' } });
    for (const action of [taken('done'), taken('pending'), filled]) {
      expect(standingOf(offer, [action])).toEqual({ state: 'done', action });
    }
  });

  it('stays offered after another action, another input, a refusal or an undo', () => {
    const others = [
      taken('done', { kind: 'request-count' }),
      taken('done', { input: { ...offer.input, quantity: 3 } }),
      taken('done', { input: { sku: 'tea', toNode: 'north' } }),
      taken('refused'),
      taken('undone'),
    ];
    for (const other of others) expect(standingOf(offer, [other])).toEqual(offered);
    expect(standingOf(offer, others)).toEqual(offered);
  });

  it('is done by the newest that still stands when it was done again', () => {
    const [first, second, third] = [1, 2, 3].map((at) =>
      taken(at === 3 ? 'undone' : 'done', { action: `act-${at}`, at }),
    );
    expect(standingOf(offer, [third!, first!, second!])).toEqual({ state: 'done', action: second });
  });
});
