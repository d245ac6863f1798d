import { defineRule, severityOf, within } from './rule.ts';

const DECIDE_WITHIN_MS = 4 * 3_600_000;

export const snapshotQuarantined = defineRule({
  kind: 'snapshot-quarantined',
  question: 'Which snapshots change too much at once to be believed without a person?',
  area: 'data',
  owner: 'inventory planner',
  playbook: [
    'Read what speaks against it: rows, sum, or the share of records that would change.',
    'Ask the sender whether the file is whole and of the right node.',
    'Approve it, and it takes effect as of its own moment; or reject it, and nothing of it does.',
  ],
  endsWhen: 'Somebody approved or rejected it, the missing parts came, or a newer snapshot was believed.',
  watches: 'snapshot',
  test(snapshot, draft) {
    if (snapshot.status !== 'quarantined') return null;
    const { source, node, measure, doubts, worth, at } = snapshot;
    const figures = snapshot.figures;
    const complete = snapshot.came.length === snapshot.parts;
    return {
      title: `Snapshot of ${node} by ${draft.get('source', source)?.name ?? source} waits`,
      detail: `${measure}: ${doubts.join('; ')}`,
      severity: within(severityOf(worth, draft), 'medium'),
      deadline: snapshot.receivedAt + DECIDE_WITHIN_MS,
      moneyAtRisk: worth,
      formula: 'units it would change, in either direction, x unit cost',
      inputs: {
        rows: figures?.rows ?? snapshot.rows.length,
        rowsBefore: figures?.lastRows ?? null,
        units: figures?.units ?? null,
        ourUnits: figures?.ourUnits ?? null,
        changed: figures?.changed ?? null,
        of: new Date(at).toISOString(),
      },
      advice: complete
        ? 'Ask the sender, then approve or reject it as a whole.'
        : 'Ask the sender for the missing parts.',
      node,
      source,
      dependsOn: [source],
      suggests: [
        ...(complete ? [{ action: 'approve-snapshot' as const, input: { snapshot: snapshot.snapshot } }] : []),
        { action: 'reject-snapshot' as const, input: { snapshot: snapshot.snapshot } },
      ],
    };
  },
});
