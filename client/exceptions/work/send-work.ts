/** Sends one step for many exceptions until there is an answer: the same command again does nothing twice. */
import type { WorkedOnMany } from '../../../server/http/contract/exceptions.ts';
import type { ExceptionLine } from '../../../server/live/contract.ts';
import { asProblem } from '../../http/load.ts';
import { request } from '../../http/request.ts';
import type { WorkStep } from './steps.ts';

/** What one request may carry. */
const AT_ONCE_MAX = 200;
/** How long is tried while the server cannot be reached, before the step is taken back on the screen. */
const TRY_AGAIN_AFTER_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000];

export type Outcome = WorkedOnMany['items'][number];
/** A row, and the version of it that was looked at. */
export type Named = { row: ExceptionLine; version: number };

/** @returns one outcome for each, in their order; what could not be sent is refused with the reason */
export async function sendWork(named: readonly Named[], step: WorkStep): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let first = 0; first < named.length; first += AT_ONCE_MAX) {
    const part = named.slice(first, first + AT_ONCE_MAX);
    outcomes.push(...(await sendPart(part, step)));
  }
  return outcomes;
}

async function sendPart(named: readonly Named[], step: WorkStep): Promise<Outcome[]> {
  // A comment is in nobody's way: it names no version.
  const exceptions = named.map(({ row, version }) =>
    step.action === 'comment' ? { id: row.id } : { id: row.id, version },
  );
  const body = { ...step, exceptions, command: newCommandId() };
  for (let attempt = 0; ; attempt++) {
    try {
      return (await request<WorkedOnMany>('POST', '/v1/exceptions/work', body)).items;
    } catch (error) {
      const { status, message, problem } = asProblem(error);
      const pause = TRY_AGAIN_AFTER_MS[attempt];
      if ((status !== 0 && status < 502) || pause === undefined) {
        const reason = problem.errors?.[0]?.message ?? message;
        return named.map(({ row }) => ({ id: row.id, outcome: 'refused', reason }));
      }
      await pausedOrOnline(pause);
    }
  }
}

/** The browser tells when the network is back: then nobody waits longer. */
function pausedOrOnline(pauseMs: number): Promise<void> {
  return new Promise((resolve) => {
    const goOn = () => {
      clearTimeout(timer);
      window.removeEventListener('online', goOn);
      resolve();
    };
    const timer = setTimeout(goOn, pauseMs);
    window.addEventListener('online', goOn);
  });
}

/** Also where the page came over plain http, where browsers offer no random UUIDs. Later ones sort after earlier ones. */
function newCommandId(): string {
  const chance = crypto.getRandomValues(new Uint8Array(12));
  const hex = Array.from(chance, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${Date.now().toString(16).padStart(12, '0')}-${hex}`;
}
