/** Changes settings: each change is an event of ours, checked before and named with who made it. */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { describeProblem } from '../../streams/events/envelope.ts';
import { type Event, type EventType, eventCatalog } from '../../streams/events/index.ts';
import { type PolicyKind, policyKinds, policySchemas } from '../../streams/events/policies.ts';
import { OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import { appendToLog } from '../../streams/processing/event-log.ts';
import {
  type DefinitionView,
  type ImportAnswer,
  type SettingsChange,
  type SettingsDocument,
  type SettingsPart,
  settingsDocument,
  settingsPartNames,
  settingsParts,
} from '../http/contract/settings.ts';
import { changeOf } from '../http/contract/settings-changes.ts';
import type { Runtime } from '../runtime.ts';
import { unknownFields } from './compare.ts';
import {
  readDefinition,
  readDefinitions,
  readPolicies,
  readWorkspace,
  readWorkspaceView,
  workspaceDefinition,
} from './current.ts';

const PROBLEMS_SHOWN_MAX = 20;

/** What was sent is wrong; the message says what and where, `problems` says it field by field. */
export class BadSettings extends Error {
  readonly problems: readonly FieldProblem[];
  constructor(message: string, problems: readonly FieldProblem[]) {
    super(message);
    this.problems = problems;
  }
}
/** `path` is empty when it is about the whole. */
export type FieldProblem = { path: readonly (string | number)[]; message: string };
/** Somebody else has changed it since. */
export class Overtaken extends Error {}

type Store = Pick<Runtime, 'redis' | 'keys'>;
export type Changer = { store: Store; now: number; by: string };
type Planned = { change: SettingsChange; event: Event };

/** @throws BadSettings */
function checked<S extends z.ZodType>(schema: S, given: unknown): z.output<S> {
  const result = schema.safeParse(given);
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => ({ path: path.map(asStep), message }));
    throw new BadSettings(describeProblem(result.error), problems.slice(0, PROBLEMS_SHOWN_MAX));
  }
  const unknown = unknownFields(given, result.data).slice(0, PROBLEMS_SHOWN_MAX);
  if (unknown.length > 0) {
    const message = 'is not known. Check the spelling.';
    const problems = unknown.map((path) => ({ path: path.split('.'), message }));
    throw new BadSettings(`not known: ${unknown.join(', ')}. Check the spelling.`, problems);
  }
  return result.data;
}

const asStep = (step: PropertyKey): string | number => (typeof step === 'number' ? step : String(step));

/** What was known to be defined at a later moment than now (a clock that runs ahead) must not win over what is said now. */
function eventOf(type: EventType, { now, by }: Changer, data: object, definedAt = 0): Event {
  const occurredAt = Math.max(now, definedAt + 1);
  const id = `settings:${randomUUID()}`;
  const event = { id, source: OWN_SOURCE, type, occurredAt, observedAt: now, receivedAt: now };
  return { ...event, data: eventCatalog[type].parse({ ...data, by }) } as Event;
}

/**
 * Takes a whole document: everything in it is checked before anything is changed.
 * @throws BadSettings
 */
export async function importDocument(changer: Changer, given: unknown, dryRun: boolean): Promise<ImportAnswer> {
  const document = checked(settingsDocument, given);
  for (const part of settingsPartNames) refuseTwice(part, document[part] ?? []);
  const { planned, unchanged } = await plan(changer, document);
  if (!dryRun) await append(changer, planned);
  return { applied: !dryRun, changes: planned.map(({ change }) => change), unchanged };
}

const idOf = (part: SettingsPart, definition: object): string =>
  (definition as Record<string, string>)[settingsParts[part].key]!;

function refuseTwice(part: SettingsPart, definitions: object[]): void {
  const seen = new Set<unknown>();
  for (const [index, definition] of definitions.entries()) {
    const id = idOf(part, definition);
    const message = `"${id}" is there twice`;
    if (seen.has(id)) throw new BadSettings(`${part}: ${message}`, [{ path: [part, index], message }]);
    seen.add(id);
  }
}

async function plan(changer: Changer, document: SettingsDocument) {
  const planned: Planned[] = [];
  let unchanged = 0;
  const keep = (found: Planned | null) => {
    if (found === null) unchanged += 1;
    else planned.push(found);
  };
  if (document.workspace !== undefined) keep(await planWorkspace(changer, document.workspace));
  const policies = document.policies === undefined ? [] : await readPolicies(changer.store);
  for (const { policy, body, definedAt } of policies) {
    const after = document.policies![policy as PolicyKind];
    if (after === undefined) continue;
    const change = changeOf('policies', policy, body, after);
    const event = () => eventOf('policy.defined', changer, { policy, body: after }, definedAt ?? 0);
    keep(change && { change, event: event() });
  }
  for (const part of settingsPartNames) {
    const definitions = document[part] ?? [];
    if (definitions.length === 0) continue;
    const known = new Map((await readDefinitions(changer.store, part)).map((view) => [view.id, view]));
    for (const definition of definitions) {
      const id = idOf(part, definition);
      keep(planDefinition(changer, part, id, definition, known.get(id)));
    }
  }
  return { planned, unchanged };
}

async function planWorkspace(changer: Changer, after: object): Promise<Planned | null> {
  const known = await readWorkspace(changer.store);
  const change = changeOf('workspace', '', known && workspaceDefinition(known), after);
  return change && { change, event: eventOf('workspace.configured', changer, after, known?.definedAt) };
}

/** Items are told bit by bit by several systems: what a definition of theirs does not name stays. */
function planDefinition(
  changer: Changer,
  part: SettingsPart,
  id: string,
  definition: object,
  known: DefinitionView | undefined,
): Planned | null {
  const before = known?.definition as object | undefined;
  const after = part === 'items' ? { ...before, ...definition } : definition;
  const change = changeOf(part, id, before, after);
  return change && { change, event: eventOf(settingsParts[part].event, changer, definition, known?.definedAt) };
}

async function append({ store }: Changer, planned: Planned[]): Promise<void> {
  if (planned.length === 0) return;
  await appendToLog(
    store.redis,
    store.keys,
    planned.map(({ event }) => JSON.stringify(event)),
  );
}

/** @param basedOn the version a change was made from; undefined: whatever holds */
function refuseOvertaken(known: { version: number; by: string | null } | undefined, basedOn: number | undefined): void {
  const version = known?.version ?? 0;
  if (basedOn === undefined || basedOn === version) return;
  throw new Overtaken(`${known?.by ?? 'Somebody'} has made version ${version}; yours began from ${basedOn}.`);
}

/** One item, node, channel or source. @throws BadSettings, Overtaken */
export async function define(
  changer: Changer,
  part: SettingsPart,
  given: unknown,
  basedOn?: number,
): Promise<SettingsChange | null> {
  const definition = checked(settingsParts[part].schema, given);
  const id = idOf(part, definition);
  const known = await readDefinition(changer.store, part, id);
  refuseOvertaken(known, basedOn);
  const planned = planDefinition(changer, part, id, definition, known);
  await append(changer, planned === null ? [] : [planned]);
  return planned?.change ?? null;
}

/** @throws BadSettings, Overtaken */
export async function configureWorkspace(
  changer: Changer,
  given: unknown,
  basedOn?: number,
): Promise<SettingsChange | null> {
  const definition = checked(eventCatalog['workspace.configured'], given);
  if (basedOn !== undefined) refuseOvertaken(await readWorkspaceView(changer.store), basedOn);
  const planned = await planWorkspace(changer, definition);
  await append(changer, planned === null ? [] : [planned]);
  return planned?.change ?? null;
}

export const isPolicyKind = (name: string): name is PolicyKind => (policyKinds as string[]).includes(name);
/** @throws BadSettings */
export const checkPolicy = (policy: PolicyKind, body: unknown) => checked(policySchemas[policy], body);

/**
 * @param basedOn the version the change was made from
 * @returns the version it gets; @throws BadSettings, Overtaken
 */
export async function definePolicy(
  changer: Changer,
  policy: PolicyKind,
  { body, note, basedOn }: { body: unknown; note?: string | undefined; basedOn?: number | undefined },
): Promise<number> {
  const after = checkPolicy(policy, body);
  const known = (await readPolicies(changer.store)).find((view) => view.policy === policy)!;
  refuseOvertaken(known, basedOn);
  const data = { policy, body: after, note, basedOn: known.version };
  await append(changer, [
    {
      change: changeOf('policies', policy, known.body, after) ?? {
        part: 'policies',
        id: policy,
        change: 'changed',
        fields: [],
      },
      event: eventOf('policy.defined', changer, data, known.definedAt ?? 0),
    },
  ]);
  return known.version + 1;
}
