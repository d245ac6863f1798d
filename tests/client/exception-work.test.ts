import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useExceptionWork } from '../../client/exceptions/work/exception-work.ts';
import { overlayOf, type WorkStep, wayBack } from '../../client/exceptions/work/steps.ts';
import { useToasts } from '../../client/notices/toasts.ts';
import { useSession } from '../../client/session/session.ts';
import type { ExceptionLine } from '../../server/live/contract.ts';

const ME = 'mei@example.com';
const line = (id: string, more: Partial<ExceptionLine> = {}): ExceptionLine => ({
  id,
  kind: 'oversold',
  title: `${id} oversold`,
  subject: id,
  detail: '',
  severity: 'high',
  since: 1,
  updatedAt: 1,
  deadline: null,
  moneyAtRisk: 100,
  currency: 'EUR',
  area: 'inventory',
  condition: 'open',
  work: 'new',
  version: 3,
  owner: 'inventory planner',
  ...more,
});

type Asked = { action: string; command: string; exceptions: { id: string; version?: number }[] } & Record<
  string,
  unknown
>;
let sent: Asked[] = [];
/** One answer per request, in order; a request without one waits until there is. */
let answers: ((asked: Asked) => { status: number; content: object } | 'unreachable')[] = [];
let waiting: (() => void)[] = [];

const answer = (make: (typeof answers)[number]) => {
  answers.push(make);
  waiting.shift()?.();
};
const applied = (more: (id: string) => Partial<ExceptionLine> = () => ({ version: 4 })) =>
  answer(({ exceptions }) => ({
    status: 200,
    content: { items: exceptions.map(({ id }) => ({ id, outcome: 'applied', exception: line(id, more(id)) })) },
  }));
const refusedFor = (refused: readonly string[], by: string) =>
  answer(({ exceptions }) => ({
    status: 200,
    content: {
      items: exceptions.map(({ id }) =>
        refused.includes(id)
          ? {
              id,
              outcome: 'refused',
              reason: `${id} was assigned by ${by}: it is new, at version 9.`,
              exception: line(id, { version: 9, assignee: by, lastWork: { what: 'assigned', by, at: 5 } }),
            }
          : { id, outcome: 'applied', exception: line(id, { version: 4 }) },
      ),
    },
  }));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  sent = [];
  answers = [];
  waiting = [];
  vi.stubGlobal('fetch', async (path: string, init?: { body?: string }) => {
    if (path === '/v1/people') {
      const people = [{ key: 'jonas@example.com', id: '2', name: 'Jonas Ried', role: 'planner', mayAct: true }];
      return new Response(JSON.stringify({ items: people }));
    }
    const asked = JSON.parse(init?.body ?? '{}') as Asked;
    sent.push(asked);
    if (answers.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    const made = answers.shift()!(asked);
    if (made === 'unreachable') throw new TypeError('fetch failed');
    return new Response(JSON.stringify(made.content), { status: made.status });
  });
  setActivePinia(createPinia());
  const user = { id: '1', email: ME, name: 'Mei Chen', role: 'planner' };
  useSession().state = { session: { user, abilities: [], expiresAt: 0 }, needsSetUp: false, workspace: 'w' } as never;
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const texts = () => useToasts().shown.map(({ text }) => text);
/** Lets what was promised happen, without any time passing. */
const soon = () => vi.advanceTimersByTimeAsync(0);

describe('a step on one exception', () => {
  it('stands on the row at once and stays there when it is confirmed, until the live row says it itself', async () => {
    const work = useExceptionWork();
    const taken = work.take([line('EX-1')], { action: 'assign', to: ME });
    expect(work.shown(line('EX-1'))).toMatchObject({ assignee: ME });
    expect(work.isPending('EX-1')).toBe(true);
    applied();
    expect(await taken).toEqual({ done: ['EX-1'], refused: [] });
    expect(work.isPending('EX-1')).toBe(false);
    expect(work.shown(line('EX-1'))).toMatchObject({ assignee: ME });
    // Somebody took the name off again: what is live has the last word.
    expect(work.shown(line('EX-1', { version: 5 })).assignee).toBeUndefined();
    expect(sent[0]).toMatchObject({ action: 'assign', exceptions: [{ id: 'EX-1', version: 3 }] });
  });

  it('says that it is saving after five seconds, and is taken back with the reason when it is refused', async () => {
    const work = useExceptionWork();
    const taken = work.take([line('EX-1')], { action: 'acknowledge' });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(work.pending.get('EX-1')?.state).toBe('saving');
    answer(() => ({ status: 403, content: { title: 'Not allowed', detail: 'Not for your role.' } }));
    expect(await taken).toEqual({ done: [], refused: ['EX-1'] });
    expect(work.shown(line('EX-1')).work).toBe('new');
    expect(work.refusals.get('EX-1')?.reason).toBe('Not for your role.');
    expect(texts()).toEqual(['EX-1: Not for your role.']);
  });

  it('is sent again as the same command while the server cannot be reached', async () => {
    const work = useExceptionWork();
    const taken = work.take([line('EX-1')], { action: 'start' });
    answer(() => 'unreachable');
    await soon();
    applied();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await taken).toEqual({ done: ['EX-1'], refused: [] });
    expect(sent).toHaveLength(2);
    expect(sent[1]!.command).toBe(sent[0]!.command);
  });

  it('waits for the one before it and names the version that one has made', async () => {
    const work = useExceptionWork();
    const first = work.take([line('EX-1')], { action: 'assign', to: ME });
    const second = work.take([line('EX-1')], { action: 'resolve' });
    await soon();
    expect(sent).toHaveLength(1);
    expect(work.shown(line('EX-1'))).toMatchObject({ assignee: ME, work: 'resolved' });
    applied();
    await first;
    applied(() => ({ version: 5, work: 'resolved' }));
    await second;
    expect(sent[1]!.exceptions).toEqual([{ id: 'EX-1', version: 4 }]);
  });
});

describe('who was overtaken', () => {
  it('hears what somebody else did, and may keep theirs or use their own', async () => {
    const work = useExceptionWork();
    const taken = work.take([line('EX-1')], { action: 'assign', to: ME });
    refusedFor(['EX-1'], 'jonas@example.com');
    await taken;
    expect(work.shown(line('EX-1', { version: 9, assignee: 'jonas@example.com' })).assignee).toBe('jonas@example.com');
    expect(work.refusals.get('EX-1')?.theirs).toEqual({ what: 'assigned', by: 'jonas@example.com', at: 5 });
    expect(texts()).toEqual([]);
    const again = work.useMine('EX-1');
    applied(() => ({ version: 10, assignee: ME }));
    await again;
    expect(sent[1]).toMatchObject({ action: 'assign', to: ME, exceptions: [{ id: 'EX-1', version: 9 }] });
    expect(work.refusals.size).toBe(0);
  });

  it('hears it also where the list has changed the row meanwhile', async () => {
    const work = useExceptionWork();
    const row = line('EX-1');
    const taken = work.take([row], { action: 'assign', to: ME });
    Object.assign(row, { version: 9, assignee: 'jonas@example.com' });
    refusedFor(['EX-1'], 'jonas@example.com');
    await taken;
    expect(work.refusals.get('EX-1')?.theirs).toMatchObject({ by: 'jonas@example.com' });
  });

  it('of many, is told in one sentence, and the others are done', async () => {
    const work = useExceptionWork();
    const rows = Array.from({ length: 40 }, (_, index) => line(`EX-${index}`));
    const taken = work.take(rows, { action: 'resolve' });
    refusedFor(['EX-3', 'EX-7'], 'jonas@example.com');
    expect((await taken).refused).toEqual(['EX-3', 'EX-7']);
    expect(sent).toHaveLength(1);
    expect(texts()).toEqual(['38 exceptions resolved, 2 changed by others']);
  });

  it('of more than one request takes, gets one command for each two hundred', async () => {
    const work = useExceptionWork();
    const rows = Array.from({ length: 450 }, (_, index) => line(`EX-${index}`));
    applied();
    applied();
    applied();
    expect((await work.take(rows, { action: 'acknowledge' })).done).toHaveLength(450);
    expect(sent.map(({ exceptions }) => exceptions.length)).toEqual([200, 200, 50]);
  });
});

describe('undo', () => {
  it('gives each its former assignee back, those that had the same in one request', async () => {
    const work = useExceptionWork();
    const rows = [line('EX-1', { assignee: 'a@x.org' }), line('EX-2'), line('EX-3', { assignee: 'a@x.org' })];
    applied();
    await work.take(rows, { action: 'assign', to: ME });
    applied(() => ({ version: 5 }));
    applied(() => ({ version: 5 }));
    expect(useToasts().undoLast()).toBe(true);
    await vi.waitFor(() => expect(texts()).toContain('Undone'));
    expect(sent.slice(1).map(({ to, exceptions }) => [to, exceptions])).toEqual([
      [
        'a@x.org',
        [
          { id: 'EX-1', version: 4 },
          { id: 'EX-3', version: 4 },
        ],
      ],
      ['', [{ id: 'EX-2', version: 4 }]],
    ]);
  });

  it('of a resolve takes it up again and puts it where it was; what was seen stays seen', async () => {
    const work = useExceptionWork();
    applied();
    await work.take([line('EX-1', { work: 'in-progress' })], { action: 'resolve' });
    applied(() => ({ version: 5 }));
    applied(() => ({ version: 6 }));
    useToasts().undoLast();
    await vi.waitFor(() => expect(texts()).toContain('Undone'));
    expect(sent.slice(1).map(({ action }) => action)).toEqual(['reopen', 'start']);
    applied();
    await work.take([line('EX-2')], { action: 'acknowledge' });
    expect(useToasts().undoLast()).toBe(false);
  });

  it('that comes too late says why, and nothing is pretended', async () => {
    const work = useExceptionWork();
    applied();
    await work.take([line('EX-1')], { action: 'resolve' });
    answer(({ exceptions }) => ({
      status: 200,
      content: { items: exceptions.map(({ id }) => ({ id, outcome: 'refused', reason: `${id} is over.` })) },
    }));
    useToasts().undoLast();
    await vi.waitFor(() => expect(texts()).toContain('Not undone: EX-1 is over.'));
  });
});

describe('every way back', () => {
  const steps: WorkStep[] = [
    { action: 'assign', to: ME },
    { action: 'resolve' },
    { action: 'dismiss', because: 'other', reason: 'x' },
  ];
  it('ends where the step began', () => {
    for (const work of ['new', 'acknowledged', 'in-progress'] as const) {
      const before = line('EX-1', { work, assignee: 'a@x.org', acknowledgedBy: ME });
      for (const step of steps) {
        let row = before;
        for (const one of [step, ...wayBack(before, step)]) row = { ...row, ...overlayOf(row, one, ME) };
        expect([step.action, row.assignee, row.work]).toEqual([step.action, 'a@x.org', work]);
      }
    }
  });
});
