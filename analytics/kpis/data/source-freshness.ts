import { defineKpi, firstVersion } from '../definition.ts';
import { matches } from '../levels.ts';

const MINUTE_MS = 60_000;

export const sourceFreshness = defineKpi({
  id: 'source-freshness',
  name: 'Source freshness',
  question: 'How long ago did the quietest source speak?',
  formula: 'now - arrival of its last event; over several sources the longest',
  group: 'data',
  unit: 'minutes',
  direction: 'down',
  clock: 'arrival',
  exclusions: 'sources that never sent an event, replays of files, and what Tideline itself finds',
  owner: 'Operations engineering',
  target: 15,
  cadence: 'minute',
  dimensions: ['source'],
  thresholds: null,
  sources: ['source.defined'],
  exceptions: ['source-silent', 'volume-abnormal'],
  version: 1,
  changes: firstVersion,
  live: {
    kind: 'level',
    read({ sources = [], now }, filter) {
      let oldest = Number.POSITIVE_INFINITY;
      for (const source of sources) {
        if (source.kind === 'replay' || source.lastReceivedAt === 0 || !matches(source, filter)) continue;
        oldest = Math.min(oldest, source.lastReceivedAt);
      }
      return Number.isFinite(oldest) ? Math.max(0, now - oldest) / MINUTE_MS : null;
    },
  },
  sql: { file: 'source-freshness', arrivals: true },
});
