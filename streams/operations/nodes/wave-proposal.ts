/** Works out the next wave of a node from the states as they stand. */
import { planWave, type ReleaseCandidate, type WavePlan } from '../../policies/wave-release.ts';
import type { Draft } from '../draft.ts';
import { policyOf } from '../policy.ts';
import { inWork, loadOf } from './node-load.ts';
import { dueOf, linesAt, whyNotRelease } from './wave-release.ts';

/** Orders looked at for one wave. */
export const WAVE_CANDIDATES_MAX = 2_000;

export type WaveProposal = WavePlan & {
  /** Orders that cannot begin, and why. */
  left: Record<string, number>;
};

/**
 * @param orders ids of open orders, of which those with work at the node are looked at
 * @returns null when the node is unknown: without a calendar nobody can say when it works
 */
export function proposeWave(draft: Draft, node: string, orders: readonly string[], at: number): WaveProposal | null {
  const known = draft.get('node', node);
  if (known === undefined) return null;
  const left: Record<string, number> = {};
  const candidates: ReleaseCandidate[] = [];
  for (const id of orders) {
    const order = draft.get('order', id);
    if (order === undefined) continue;
    const problem = whyNotRelease(draft, order, node, true);
    if (problem === 'not there' || problem === 'closed') continue;
    if (problem !== '') {
      left[problem] = (left[problem] ?? 0) + 1;
      continue;
    }
    const { priority, placedAt } = order;
    candidates.push({ order: id, lines: linesAt(order, node).length, due: dueOf(order), priority, placedAt });
  }
  const load = loadOf(draft, node);
  const plan = planWave(at, known, load.impaired, inWork(load), candidates, policyOf(draft, 'wave-release'));
  return { ...plan, left };
}
