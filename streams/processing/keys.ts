/** The one place that names Redis keys. Everything of a workspace shares one hash tag, so that it lives on one cluster slot. */

/** The kinds of state a workspace is made of: one Redis hash each, its fields the state ids. */
export const stateKinds = [
  'workspace',
  'policy',
  'kpi',
  'item',
  'node',
  'channel',
  'calendar',
  'source',
  'stock',
  'reservation',
  'inbound',
  'purchase-order',
  'supplier-record',
  'prediction-record',
  'availability',
  'drift',
  'calibration',
  'snapshot',
  'snapshot-feed',
  'node-skus',
  'ledger',
  'lots',
  'transfer',
  'correctable',
  'return',
  'order',
  'cohort',
  'overdue',
  'wave',
  'node-load',
  'impairment',
  'reroute',
  'reroute-moves',
  'parked',
  'exception',
  'awaited',
  'volume',
  'unknown-values',
  'backlog',
  'totals',
  'bucket',
  'bucket-index',
  'counter',
  'action',
  'instruction',
  'recipient',
  'log-page',
] as const;
export type StateKind = (typeof stateKinds)[number];

export type Keys = ReturnType<typeof keysOf>;

/**
 * @param workspace its short name, such as `main`; letters, digits, `-` and `_`
 * @param room a second set of the same keys beside the live ones, on the same cluster slot
 */
export function keysOf(workspace: string, room?: 'next') {
  if (!/^[A-Za-z0-9_-]{1,60}$/.test(workspace)) throw new Error(`"${workspace}" is not a workspace name`);
  const tag = room === undefined ? `{${workspace}}` : `{${workspace}}:${room}`;
  const key = (...parts: string[]) => [tag, ...parts].join(':');
  return {
    workspace,
    /** Stream of accepted events, one entry each, field `e`. */
    log: key('log'),
    /** Stream of what events did, one entry per commit: `n` facts, newline-joined in `f`, from sequence `s`. */
    facts: key('facts'),
    /** Stream of the state ids that commits changed, for the live gateway. */
    changes: key('changes'),
    /** JSON: log position and sequence of the last commit; what every commit is fenced by. */
    checkpoint: key('checkpoint'),
    /** Which version of the rules the states were made by: see `stateShape`. */
    stateShape: key('state-shape'),
    lease: key('lease'),
    state: (kind: StateKind) => key('state', kind),
    /** Set of event identities received within one slice of the dedupe window. */
    seen: (slice: number) => key('seen', String(slice)),
    /** Sorted set of deadlines that follow the clock of one source; score = due, member = `kind|subject`. */
    deadlines: (source: string) => key('deadlines', source),
    deadlineSources: key('deadline-sources'),
    /** Hash: per source counters that are not state (duplicates, refusals). */
    feedStats: (source: string) => key('feed-stats', source),
    /** Hash: how far the history writer has written, and the range it is writing. */
    historyPosition: key('history-position'),
    historyLease: key('history-lease'),
    /** Hash: up to which entry of the log history is known, or awaited, to hold everything. */
    historyCovers: key('history-covers'),
    /** BullMQ's queue name and its key prefix; the prefix carries the hash tag. */
    deliveriesQueue: 'deliveries',
    queuePrefix: key('bull'),
    deadLetter: (id: string) => key('dead-letter', id),
    deadLetterIndex: key('dead-letters'),
    /** What a connector remembers between two deliveries of one source; each memory is a key of its own that may expire. */
    connectorMemory: (source: string, name: string) => key('connector', source, name),
    /** Hash: what people keep of one kind (boards, filtered views), JSON by id. */
    saved: (kind: string) => key('saved', kind),
    access: (...parts: string[]) => key('access', ...parts),
    limits: key('limits'),
    /** Files of answers that were asked for: manifests by id, and which of them to stop. */
    exports: (what: 'all' | 'cancelled') => key('exports', what),
    /** What is sent on a schedule: definitions and runs by id, and who does it. */
    reports: (what: 'all' | 'runs' | 'lease') => key('reports', what),
    /** What people are told: channels with their secrets, what stands, which messages wait, all of them by number, and how far it is. */
    alerts: (what: 'channels' | 'standing' | 'waiting' | 'log' | 'position') => key('alerts', what),
    /** What detectors have learned of series, JSON by series, and the bands they expect. */
    signals: (what: 'learned' | 'bands' | 'series') => key('signals', what),
    /** What could be set better, as it was found, replayed and decided: JSON by id. */
    suggestions: key('suggestions'),
    jobs: (name: string) => key('jobs', name),
    trial: (id: string) => key('trial', id),
    /** List: what somebody asked in SQL, newest first, one JSON line each. */
    sqlRuns: (person: string) => key('sql-runs', person),
  };
}
