/** Reading what people did: one action, or the log of them, newest first. */
import type { z } from 'zod';
import { actionCatalog } from '../../streams/actions/index.ts';
import type { ActionKind } from '../../streams/events/actions.ts';
import type { ActionRecord } from '../../streams/operations/actions/action-state.ts';
import type { SentInstruction } from '../../streams/operations/actions/instruction-state.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { ActionView, actionsPage, actionsQuery } from '../http/contract/actions.ts';
import { lastNumber, readEntriesBefore, readStates } from './paged-log.ts';

/** Actions looked at for one page when a filter leaves most of them out. */
const LOOKED_AT_MAX = 2_000;

/** A record, or what is known of an action that the processor has not come to yet. */
type Known = Pick<ActionRecord, 'action' | 'by' | 'at'> & { kind: ActionKind; input: unknown } & Partial<
    Omit<ActionRecord, 'kind' | 'input'>
  >;

export async function viewOfAction(redis: Redis, keys: Keys, known: Known | ActionRecord): Promise<ActionView> {
  const told = await readStates<SentInstruction>(redis, keys, 'instruction', known.instructions ?? []);
  return viewOf(known, told);
}

function viewOf(known: Known | ActionRecord, told: readonly SentInstruction[]): ActionView {
  const { title, words, undo, whyNoUndo = '' } = actionCatalog[known.kind];
  return {
    action: known.action,
    kind: known.kind,
    title,
    words: known.words ?? words(known.input as never),
    input: known.input as Record<string, unknown>,
    by: known.by,
    at: known.at,
    exception: known.exception || null,
    note: known.note ?? '',
    status: known.status ?? 'pending',
    reason: known.reason ?? '',
    undoable: undo !== null,
    whyNoUndo,
    undoneAt: known.undoneAt || null,
    undoneBy: known.undoneBy ?? '',
    instructions: told.map(({ id, kind, to, status, answer }) => ({ id, kind, to, status, answer })),
  };
}

/**
 * @param query `cursor` is the number of the last action of the page before
 * @param names those of the exception that is asked for; none for all
 */
export async function readActionsPage(
  redis: Redis,
  keys: Keys,
  { cursor, limit, kind, by }: z.output<typeof actionsQuery>,
  names: readonly string[],
): Promise<z.output<typeof actionsPage>> {
  const found: ActionRecord[] = [];
  let before = cursor === undefined ? (await lastNumber(redis, keys, 'actions')) + 1 : Number(cursor);
  for (let looked = 0; found.length <= limit && before > 1 && looked < LOOKED_AT_MAX; ) {
    const { ids, from } = await readEntriesBefore(redis, keys, 'actions', before);
    const records = await readStates<ActionRecord>(redis, keys, 'action', ids);
    const newestFirst = records.filter(({ number }) => number < before).sort((a, b) => b.number - a.number);
    for (const record of newestFirst) {
      if (names.length > 0 && !names.includes(record.exception) && !names.includes(record.exceptionNumber)) continue;
      if (kind !== undefined && record.kind !== kind) continue;
      if (by === undefined || record.by === by) found.push(record);
    }
    looked += ids.length;
    before = from;
  }
  const shown = found.slice(0, limit);
  const told = await readStates<SentInstruction>(
    redis,
    keys,
    'instruction',
    shown.flatMap(({ instructions }) => instructions),
  );
  const byId = new Map(told.map((instruction) => [instruction.id, instruction]));
  const last = found.length > limit ? shown.at(-1)!.number : before > 1 ? before : null;
  return {
    items: shown.map((record) =>
      viewOf(
        record,
        record.instructions.flatMap((id) => byId.get(id) ?? []),
      ),
    ),
    next: last === null ? null : String(last),
  };
}
