import { defineKpi, firstVersion } from '../definition.ts';

const HOUR_MS = 3_600_000;

export const backlogAge = ([50, 90] as const).map((percent) =>
  defineKpi({
    id: `backlog-age-p${percent}`,
    name: `Backlog age, p${percent}`,
    question: percent === 50 ? 'How long has open work waited?' : 'How long has the oldest tenth of open work waited?',
    formula: `time since acceptance, ${percent} % of open lines wait no longer; to a quarter of an hour`,
    group: 'fulfilment',
    unit: 'hours',
    direction: 'down',
    clock: 'level at a moment',
    exclusions: 'none; lines of orders on hold are included',
    owner: 'Head of fulfilment',
    target: percent === 50 ? 8 : 24,
    cadence: 'minute',
    dimensions: ['channel', 'node', 'country'],
    thresholds: null,
    sources: ['order.placed', 'order.edited', 'order.cancelled', 'fulfilment.dispatched'],
    exceptions: ['ship-by-at-risk', 'order-unallocated', 'hold-ageing', 'node-over-capacity'],
    version: 1,
    changes: firstVersion,
    live: { kind: 'age', share: percent / 100, unitMs: HOUR_MS },
    sql: { file: 'backlog-age' },
  }),
);
