/** The feed of instructions for those who must act, and what people answer in their place. */
import type { z } from 'zod';
import type { Event } from '../../streams/events/index.ts';
import type { SentInstruction } from '../../streams/operations/actions/instruction-state.ts';
import { OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import type { Source } from '../../streams/operations/states.ts';
import type { Principal } from '../access/abilities.ts';
import type { InstructionView, instructionsAnswer, instructionsQuery } from '../http/contract/instructions.ts';
import type { Runtime } from '../runtime.ts';
import { appendAndWait } from './append.ts';
import { readEntriesAfter, readStates } from './paged-log.ts';

/** Pages of the feed that one request looks through; whoever finds nothing there is told to go on. */
const PAGES_PER_REQUEST_MAX = 20;

export type Instructions = ReturnType<typeof openInstructions>;
export type Answer =
  | { type: 'instruction.confirmed'; reference?: string | undefined }
  | { type: 'instruction.failed'; reason: string }
  | { type: 'instruction.repeated' }
  | { type: 'instruction.withdrawn'; reason?: string | undefined };

export function openInstructions({ redis, keys }: Pick<Runtime, 'redis' | 'keys'>, now: () => number) {
  /** An ingest key speaks for one source, and reads what is meant for it, for its node or for its channel. */
  async function readableBy(principal: Principal): Promise<((to: string) => boolean) | undefined> {
    if (principal.kind === 'user' || principal.role !== 'ingest' || principal.source === '*') return undefined;
    const [source] = await readStates<Source>(redis, keys, 'source', [principal.source ?? '']);
    const names = [principal.source, source?.node, source?.channel].filter(Boolean);
    return (to) => names.includes(to);
  }

  async function one(id: string): Promise<SentInstruction | undefined> {
    return (await readStates<SentInstruction>(redis, keys, 'instruction', [id]))[0];
  }

  return {
    async page(
      { cursor, limit, to, status }: z.output<typeof instructionsQuery>,
      principal: Principal,
    ): Promise<z.output<typeof instructionsAnswer>> {
      const readable = await readableBy(principal);
      const { entries, reached, last } = await readEntriesAfter(
        redis,
        keys,
        'instructions',
        cursor,
        PAGES_PER_REQUEST_MAX,
      );
      const known = await readStates<SentInstruction>(redis, keys, 'instruction', [
        ...new Set(entries.map(({ id }) => id)),
      ]);
      const byId = new Map(known.map((instruction) => [instruction.id, instruction]));
      const items: InstructionView[] = [];
      let read = cursor;
      for (const { number, id } of entries) {
        if (items.length === limit) return { items, cursor: read, more: true };
        read = number;
        const instruction = byId.get(id);
        // Told again since: it stands at its later place.
        if (instruction === undefined || instruction.number !== number) continue;
        if (to !== undefined && instruction.to !== to) continue;
        if (readable !== undefined && !readable(instruction.to)) continue;
        if (status === undefined || instruction.status === status) items.push(viewOf(instruction));
      }
      return { items, cursor: reached, more: reached < last };
    },

    /** @returns null when there is no such instruction, or none that this principal may see */
    async one(id: string, principal: Principal): Promise<InstructionView | null> {
      const [known, readable] = await Promise.all([one(id), readableBy(principal)]);
      return known === undefined || (readable !== undefined && !readable(known.to)) ? null : viewOf(known);
    },

    /** What a person answers in place of the other system. @returns null when there is no such instruction */
    async answer(id: string, by: string, { type, ...given }: Answer): Promise<InstructionView | null> {
      if ((await one(id)) === undefined) return null;
      const at = now();
      const data = { instruction: id, by, ...given };
      const event = {
        id: `${type}:${id}:${at}`,
        source: OWN_SOURCE,
        type,
        occurredAt: at,
        observedAt: at,
        receivedAt: at,
        data: Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)),
      } as Event;
      await appendAndWait(redis, keys, event);
      const after = await one(id);
      return after === undefined ? null : viewOf(after);
    },
  };
}

function viewOf({ clock: _, due, answeredAt, ...instruction }: SentInstruction): InstructionView {
  return {
    ...instruction,
    body: instruction.body as Record<string, unknown>,
    due: due || null,
    answeredAt: answeredAt || null,
  };
}
