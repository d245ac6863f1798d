/** The wall: what an operation looks like from four metres. */

import { callingForSomebody } from '../../../streams/exceptions/shown.ts';
import type { Mirror } from '../mirror.ts';
import { exceptionRow } from './exceptions.ts';
import { anyOf, type View } from './view.ts';
import { nodeCards, shipStory } from './wall-story.ts';
import { type BandAt, wallTiles } from './wall-tiles.ts';

/** Clocks move on a quiet wall too: countdowns are the browser's, paces and windows are ours. */
const LOOK_EVERY_MS = 5_000;
const ATTENTION_MAX = 4;
const LONG_OVERDUE_MS = 24 * 3_600_000;
const severityRank = { critical: 0, high: 1, medium: 2, low: 3 } as const;

export function wallView(band: BandAt): View {
  return {
    concerns: anyOf('bucket', 'wave', 'backlog', 'totals', 'exception', 'node', 'workspace'),
    everyMs: LOOK_EVERY_MS,
    entries: (mirror) => ({
      ...wallTiles(mirror, band),
      story: shipStory(mirror),
      ...nodeCards(mirror),
      attention: attention(mirror),
    }),
  };
}

/** The worst first; among equals what can still be saved before what is long overdue, then what costs most. */
function attention(mirror: Mirror) {
  const longOverdue = mirror.businessNow() - LONG_OVERDUE_MS;
  return callingForSomebody(mirror.states.exception.values())
    .sort(
      (a, b) =>
        severityRank[a.severity] - severityRank[b.severity] ||
        Number(a.deadline < longOverdue) - Number(b.deadline < longOverdue) ||
        b.moneyAtRisk - a.moneyAtRisk ||
        a.deadline - b.deadline,
    )
    .slice(0, ATTENTION_MAX)
    .map((exception) => exceptionRow(exception));
}
