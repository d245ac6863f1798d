/** The settings as they hold now, from live state. */

import { eventCatalog } from '../../streams/events/index.ts';
import { policyKinds, policySchemas } from '../../streams/events/policies.ts';
import { defaultPolicy } from '../../streams/operations/policy.ts';
import { ids, type Policy, type States, type Workspace } from '../../streams/operations/states.ts';
import type { StateKind } from '../../streams/processing/keys.ts';
import {
  type DefinitionView,
  type PolicyView,
  type SettingsDocument,
  type SettingsPart,
  settingsParts,
} from '../http/contract/settings.ts';
import type { Runtime } from '../runtime.ts';

type Store = Pick<Runtime, 'redis' | 'keys'>;
type Defined = { version?: number; definedAt: number; by?: string };

const kindOf = { nodes: 'node', channels: 'channel', sources: 'source', items: 'item' } as const satisfies Record<
  SettingsPart,
  StateKind
>;

const parsed = <S>(text: string | null | undefined): S | undefined =>
  text === null || text === undefined ? undefined : (JSON.parse(text) as S);

export async function readPolicies({ redis, keys }: Store): Promise<PolicyView[]> {
  const values = await redis.hmGet(keys.state('policy'), policyKinds);
  return policyKinds.map((policy, index) => {
    const known = parsed<Policy>(values[index]);
    // A body from before a field was added gets that field's default.
    const body = known === undefined ? defaultPolicy(policy) : policySchemas[policy].parse(known.body);
    const { version = 0, definedAt = null, by = null } = known ?? {};
    return { policy, body, version, definedAt, by };
  });
}

export async function readWorkspace({ redis, keys }: Store): Promise<Workspace | undefined> {
  return parsed<Workspace>(await redis.hGet(keys.state('workspace'), ids.workspace));
}

/** A state reduced to what its definition says; the rest of it is what happened. */
function definitionOf(part: SettingsPart, state: object): Record<string, unknown> {
  const { shape } = settingsParts[part].schema;
  // Where a state has '' for "not given", the definition has nothing.
  const told = Object.entries(state).filter(([name, value]) => Object.hasOwn(shape, name) && value !== '');
  return Object.fromEntries(told.filter(([name]) => name !== 'by'));
}

function viewOf(part: SettingsPart, id: string, state: object): DefinitionView {
  const { version = 1, definedAt, by = null } = state as Defined;
  return { id, definition: definitionOf(part, state), version, definedAt, by };
}

/** Sources that were only heard of, and never defined, have no definition. */
export async function readDefinitions({ redis, keys }: Store, part: SettingsPart): Promise<DefinitionView[]> {
  const all = await redis.hGetAll(keys.state(kindOf[part]));
  return Object.entries(all)
    .map(([id, text]) => viewOf(part, id, JSON.parse(text) as States[StateKind]))
    .filter(({ definedAt }) => definedAt > 0)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

export async function readDefinition(
  { redis, keys }: Store,
  part: SettingsPart,
  id: string,
): Promise<DefinitionView | undefined> {
  const state = parsed<Defined>(await redis.hGet(keys.state(kindOf[part]), id));
  return state === undefined || state.definedAt === 0 ? undefined : viewOf(part, id, state);
}

export function workspaceDefinition(state: Workspace): Record<string, unknown> {
  const { shape } = eventCatalog['workspace.configured'];
  const told = Object.entries(state).filter(([name]) => Object.hasOwn(shape, name) && name !== 'by');
  return Object.fromEntries(told);
}

export async function readWorkspaceView(store: Store): Promise<DefinitionView> {
  const state = await readWorkspace(store);
  if (state === undefined) return { id: 'workspace', definition: {}, version: 0, definedAt: 0, by: null };
  const { version, definedAt, by = null } = state;
  return { id: 'workspace', definition: workspaceDefinition(state), version, definedAt, by };
}

/** Everything as one document, which imported again changes nothing. */
export async function readDocument(store: Store, withItems: boolean): Promise<SettingsDocument> {
  const [workspace, policies, nodes, channels, sources, items] = await Promise.all([
    readWorkspace(store),
    readPolicies(store),
    readDefinitions(store, 'nodes'),
    readDefinitions(store, 'channels'),
    readDefinitions(store, 'sources'),
    withItems ? readDefinitions(store, 'items') : [],
  ]);
  const definitions = (views: DefinitionView[]) => views.map((view) => view.definition);
  const document = {
    ...(workspace === undefined ? {} : { workspace: workspaceDefinition(workspace) }),
    policies: Object.fromEntries(policies.map(({ policy, body }) => [policy, body])),
    nodes: definitions(nodes),
    channels: definitions(channels),
    sources: definitions(sources),
    ...(withItems ? { items: definitions(items) } : {}),
  };
  return document as SettingsDocument;
}
