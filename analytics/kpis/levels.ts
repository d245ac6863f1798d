/** Reading levels off states that are kept per channel and node. */
import type { Filter } from './definition.ts';

type Placed = { channel?: string; node?: string; source?: string };

/** Whether a state lies within a filter. One that names no channel, node or source counts under the empty name. */
export const matches = (state: Placed, { channel, node, source }: Filter): boolean =>
  (channel === undefined || (state.channel ?? '') === channel) &&
  (node === undefined || (state.node ?? '') === node) &&
  (source === undefined || (state.source ?? '') === source);

/** Sum over the states within the filter; null when there are none, which is not the same as nothing. */
export function sumOf<S extends Placed>(
  states: readonly S[],
  filter: Filter,
  value: (state: S) => number,
): number | null {
  const within = states.filter((state) => matches(state, filter));
  return within.length === 0 ? null : within.reduce((sum, state) => sum + value(state), 0);
}
