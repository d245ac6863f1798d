/** Harbor & Pine as it is set up: nodes, channels and the systems that report about them. */

export const companyName = 'Harbor & Pine';
export const companyCurrency = 'USD';
export const companyTimeZone = 'America/New_York';

export const sources = {
  'web-shop': { name: 'Web shop', kind: 'channel', channel: 'web', riskPerMinute: 5_200, latencyMs: 400 },
  amazon: { name: 'Amazon', kind: 'channel', channel: 'amazon', riskPerMinute: 3_100, latencyMs: 1_500 },
  'edi-wholesale': {
    name: 'Wholesale EDI',
    kind: 'channel',
    channel: 'wholesale',
    riskPerMinute: 2_400,
    latencyMs: 4_000,
  },
  'store-pos': {
    name: 'Store tills',
    kind: 'channel',
    channel: 'store',
    node: 'STORE-PDX',
    riskPerMinute: 900,
    latencyMs: 300,
  },
  'wms-boston': { name: 'WMS Boston', kind: 'warehouse', node: 'BOS-1', riskPerMinute: 3_600, latencyMs: 700 },
  'wms-reno': { name: 'WMS Reno', kind: 'warehouse', node: 'RNO-1', riskPerMinute: 3_000, latencyMs: 700 },
  '3pl-feed': {
    name: '3PL Dallas',
    kind: 'warehouse',
    node: '3PL-DAL',
    riskPerMinute: 1_800,
    latencyMs: 9_000,
  },
  erp: { name: 'ERP', kind: 'system', riskPerMinute: 300, latencyMs: 2_000 },
} as const;
export type SourceId = keyof typeof sources;
export const sourceIds = Object.keys(sources) as SourceId[];

/** Longest quiet time of a source that is well: each of them states some stock at least every 15 minutes. */
export const SILENT_AFTER_MINUTES = 45;

export type NodePlan = {
  id: string;
  name: string;
  kind: 'warehouse' | 'store' | '3pl';
  source: SourceId;
  timeZone: string;
  cutOff: string;
  workdays: number[];
  /** Local hours. The last truck leaves at `closesAt`; picking stops earlier. */
  opensAt: number;
  closesAt: number;
  /** Extra hands on a Monday, which ships the weekend's orders too. */
  mondayFactor: number;
  /** The node that refills this one by transfers; suppliers deliver to the others. */
  refilledBy?: number;
  transferDays: number;
};

export const nodes: readonly NodePlan[] = [
  {
    id: 'BOS-1',
    name: 'Boston Distribution Center',
    kind: 'warehouse',
    source: 'wms-boston',
    timeZone: 'America/New_York',
    cutOff: '15:00',
    workdays: [1, 2, 3, 4, 5, 6],
    opensAt: 6,
    closesAt: 21,
    mondayFactor: 1.6,
    transferDays: 0,
  },
  {
    id: 'RNO-1',
    name: 'Reno Distribution Center',
    kind: 'warehouse',
    source: 'wms-reno',
    timeZone: 'America/Los_Angeles',
    cutOff: '16:00',
    workdays: [1, 2, 3, 4, 5, 6],
    opensAt: 6,
    closesAt: 22,
    mondayFactor: 1.6,
    transferDays: 0,
  },
  {
    id: '3PL-DAL',
    name: 'Lone Star Fulfillment, Dallas',
    kind: '3pl',
    source: '3pl-feed',
    timeZone: 'America/Chicago',
    cutOff: '14:00',
    workdays: [1, 2, 3, 4, 5],
    opensAt: 7,
    closesAt: 20,
    mondayFactor: 2.2,
    refilledBy: 0,
    transferDays: 4,
  },
  {
    id: 'STORE-PDX',
    name: 'Harbor & Pine Portland',
    kind: 'store',
    source: 'store-pos',
    timeZone: 'America/Los_Angeles',
    cutOff: '18:00',
    workdays: [1, 2, 3, 4, 5, 6, 7],
    opensAt: 9,
    closesAt: 20,
    mondayFactor: 1,
    refilledBy: 1,
    transferDays: 2,
  },
];
export const BOSTON = 0;
export const RENO = 1;
export const DALLAS = 2;
export const PORTLAND = 3;

export type ChannelPlan = {
  id: string;
  name: string;
  kind: 'web' | 'marketplace' | 'wholesale' | 'store';
  source: SourceId;
  timeZone: string;
  nodes: number[];
  buffer: number;
  penalty: number;
  /** Share of all orders, mean lines beyond the first, how many of the 2,000 SKUs it sells. */
  share: number;
  extraLines: number;
  range: number;
  returnRate: number;
};

export const channels: readonly ChannelPlan[] = [
  {
    id: 'web',
    name: 'harborandpine.com',
    kind: 'web',
    source: 'web-shop',
    timeZone: 'America/New_York',
    nodes: [BOSTON, RENO],
    buffer: 2,
    penalty: 800,
    share: 0.52,
    extraLines: 0.85,
    range: 2_000,
    returnRate: 0.08,
  },
  {
    id: 'amazon',
    name: 'Amazon US',
    kind: 'marketplace',
    source: 'amazon',
    timeZone: 'America/Chicago',
    nodes: [DALLAS, BOSTON, RENO],
    buffer: 3,
    penalty: 1_500,
    share: 0.3,
    extraLines: 0.35,
    range: 900,
    returnRate: 0.09,
  },
  {
    id: 'wholesale',
    name: 'Wholesale',
    kind: 'wholesale',
    source: 'edi-wholesale',
    timeZone: 'America/New_York',
    nodes: [RENO, BOSTON],
    buffer: 0,
    penalty: 7_500,
    share: 0.02,
    extraLines: 7,
    range: 360,
    returnRate: 0.01,
  },
  {
    id: 'store',
    name: 'Portland store',
    kind: 'store',
    source: 'store-pos',
    timeZone: 'America/Los_Angeles',
    nodes: [PORTLAND],
    buffer: 0,
    penalty: 0,
    share: 0.16,
    extraLines: 1.15,
    range: 620,
    returnRate: 0.03,
  },
];
export const WEB = 0;
export const AMAZON = 1;
export const WHOLESALE = 2;
export const STORE = 3;
