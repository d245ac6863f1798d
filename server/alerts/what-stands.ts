/** What the alerts look at: exceptions, the policy and the workspace, from live state. */
import { defaultPolicy } from '../../streams/operations/policy.ts';
import { ids, type OpenException, type Policy, type Workspace } from '../../streams/operations/states.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { AlertPolicy } from './telling/tell-calling.ts';

export type Situation = { policy: AlertPolicy; workspace: Workspace | null };

export async function readSituation(redis: Redis, keys: Keys): Promise<Situation> {
  const [policy, workspace] = await Promise.all([
    redis.hGet(keys.state('policy'), 'alerts'),
    redis.hGet(keys.state('workspace'), ids.workspace),
  ]);
  return {
    policy: policy === null ? defaultPolicy('alerts') : ((JSON.parse(policy) as Policy).body as AlertPolicy),
    workspace: workspace === null ? null : (JSON.parse(workspace) as Workspace),
  };
}

/** Under which address a number is shown. */
export const urlUnder =
  (publicUrl: string) =>
  (number: string): string =>
    `${publicUrl.replace(/\/$/, '')}/exceptions?ex=${encodeURIComponent(number)}`;

/** An exception's name and its number, for those who may ask by either. */
export function findStanding(standing: ReadonlyMap<string, OpenException>, name: string): OpenException | undefined {
  return standing.get(name) ?? [...standing.values()].find(({ id }) => id === name && id !== '');
}
