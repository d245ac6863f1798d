/** Actions as the API offers them: look first, do, take back, and read what was done. */
import { z } from 'zod';
import { actionCatalog } from '../../streams/actions/index.ts';
import { type AskedAction, actionInputs, actionKinds } from '../../streams/events/actions.ts';
import type { Event } from '../../streams/events/index.ts';
import { OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import { ids, type OpenException, type States } from '../../streams/operations/states.ts';
import type { StateKind } from '../../streams/processing/keys.ts';
import type {
  ActionPreview,
  ActionRequest,
  ActionView,
  actionCatalogAnswer,
  actionsQuery,
} from '../http/contract/actions.ts';
import type { Runtime } from '../runtime.ts';
import { readActionsPage, viewOfAction } from './action-log.ts';
import { appendAndWait } from './append.ts';
import { previewOf } from './difference.ts';
import { dryRun } from './dry-run.ts';

/** What a preview goes by where an action has its id: nothing else is called so. */
const PREVIEWED = 'action-that-is-previewed';

export type Asked = Omit<ActionRequest, 'action' | 'fingerprint'>;

/** What was asked cannot be done as things stand, or would do something else by now than what was previewed. */
export class NotAsThingsStand extends Error {
  readonly preview: ActionPreview | null;
  readonly why: 'refused' | 'changed';
  constructor(why: 'refused' | 'changed', reason: string, preview: ActionPreview | null) {
    super(reason);
    this.why = why;
    this.preview = preview;
  }
}

export type Actions = ReturnType<typeof openActions>;

/** @param openException finds an exception by its number or by `kind:subject` */
export function openActions(
  runtime: Pick<Runtime, 'redis' | 'keys'>,
  now: () => number,
  openException: (name: string) => OpenException | undefined,
) {
  const { redis, keys } = runtime;

  async function read<K extends StateKind>(kind: K, id: string): Promise<States[K] | undefined> {
    const text = await redis.hGet(keys.state(kind), id);
    return text === null ? undefined : (JSON.parse(text) as States[K]);
  }

  /** What is not open any more is taken as it was written. */
  function aboutException(name: string | undefined): { exception?: string; exceptionNumber?: string } {
    if (name === undefined) return {};
    const open = openException(name);
    if (open === undefined) return { exception: name };
    return {
      exception: ids.exception(open.kind, open.subject),
      ...(open.id === '' ? {} : { exceptionNumber: open.id }),
    };
  }

  function eventOf(type: 'action.taken' | 'action.undone', id: string, data: object): Event {
    const at = now();
    return { id, source: OWN_SOURCE, type, occurredAt: at, observedAt: at, receivedAt: at, data } as Event;
  }

  function takenEvent({ kind, input, exception, note }: Asked, action: string, by: string): Event {
    const { order, sku } = actionCatalog[kind].about(input as AskedAction['input']);
    const data = { action, kind, by, input, ...aboutException(exception), note, order, sku };
    return eventOf('action.taken', `action:${action}`, withoutUndefined(data));
  }

  async function undoneEvent(action: string, by: string, reason: string | undefined): Promise<Event | null> {
    const taken = await read('action', action);
    if (taken === undefined) return null;
    const { order, sku } = actionCatalog[taken.kind].about(taken.input as AskedAction['input']);
    const at = now();
    // Several may try; each try is an event of its own, and only one of them can succeed.
    return eventOf(
      'action.undone',
      `action:${action}:undo:${at}`,
      withoutUndefined({ action, by, reason, order, sku }),
    );
  }

  async function look(event: Event, words: string): Promise<ActionPreview> {
    const channels = (await redis.hKeys(keys.state('channel'))).sort();
    const { action } = event.data as { action: string };
    return dryRun(redis, keys, event, (run) => previewOf(run, words, channels, action));
  }

  /** @throws NotAsThingsStand when it would be refused, or come out differently than the caller has seen */
  async function checked(event: Event, words: string, fingerprint: string | undefined): Promise<void> {
    const preview = await look(event, words);
    if (preview.refused !== null) throw new NotAsThingsStand('refused', preview.refused, preview);
    if (fingerprint === undefined || fingerprint === preview.fingerprint) return;
    throw new NotAsThingsStand('changed', 'The outcome would be another one than what was previewed.', preview);
  }

  return {
    catalog: (): z.output<typeof actionCatalogAnswer> => ({
      items: actionKinds.map((kind) => {
        const { title, does, undo, whyNoUndo = '' } = actionCatalog[kind];
        const { $schema: _, ...input } = z.toJSONSchema(actionInputs[kind], { io: 'input', unrepresentable: 'any' });
        return { kind, title, does, undoable: undo !== null, whyNoUndo, input };
      }),
    }),

    preview: (asked: Asked, by: string): Promise<ActionPreview> =>
      look(takenEvent(asked, PREVIEWED, by), actionCatalog[asked.kind].words(asked.input as AskedAction['input'])),

    /**
     * @returns what became of it; the same for the same `action`, however often it is asked for
     * @throws NotAsThingsStand when nothing was done
     */
    async take(request: ActionRequest, by: string): Promise<ActionView> {
      const known = await read('action', request.action);
      if (known !== undefined && known.status !== 'refused') return viewOfAction(redis, keys, known);
      const event = takenEvent(request, request.action, by);
      await checked(
        event,
        actionCatalog[request.kind].words(request.input as AskedAction['input']),
        request.fingerprint,
      );
      // An action that was refused before is tried again as another event.
      if (known !== undefined) event.id = `${event.id}:${event.receivedAt}`;
      const applied = await appendAndWait(redis, keys, event);
      const taken = applied ? await read('action', request.action) : undefined;
      if (taken === undefined) return viewOfAction(redis, keys, { ...request, by, at: event.occurredAt });
      if (taken.status === 'refused') throw new NotAsThingsStand('refused', taken.reason, null);
      return viewOfAction(redis, keys, taken);
    },

    /** @returns null when there is no such action */
    async previewUndo(action: string, by: string): Promise<ActionPreview | null> {
      const taken = await read('action', action);
      const event = await undoneEvent(action, by, undefined);
      return taken === undefined || event === null ? null : look(event, `Undo: ${taken.words}`);
    },

    /** @throws NotAsThingsStand where it cannot be taken back */
    async undo(
      action: string,
      by: string,
      { reason, fingerprint }: { reason?: string | undefined; fingerprint?: string | undefined },
    ): Promise<ActionView | null> {
      const event = await undoneEvent(action, by, reason);
      if (event === null) return null;
      await checked(event, `Undo ${action}`, fingerprint);
      await appendAndWait(redis, keys, event);
      const after = await read('action', action);
      if (after === undefined) return null;
      if (after.status === 'done' && after.reason !== '') throw new NotAsThingsStand('refused', after.reason, null);
      return viewOfAction(redis, keys, after);
    },

    async one(action: string): Promise<ActionView | null> {
      const taken = await read('action', action);
      return taken === undefined ? null : viewOfAction(redis, keys, taken);
    },

    page: (query: z.output<typeof actionsQuery>) =>
      readActionsPage(redis, keys, query, Object.values(aboutException(query.exception)).concat(query.exception ?? [])),
  };
}

const withoutUndefined = (data: object): object =>
  Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
