import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const adviceJudged = defineMeasure({
  name: 'advice.judged',
  grain: 'hour',
  terms: [{ step: 'order-advice-judged', column: 'steps' }],
});
const adviceTaken = defineMeasure({
  name: 'advice.followed',
  grain: 'hour',
  terms: [{ step: 'order-advice-judged', column: 'filled' }],
});

export const adviceFollowed = defineKpi({
  id: 'advice-followed',
  name: 'Advice followed',
  question: 'How often does the other system ship as we would have?',
  formula: 'orders reserved or shipped exactly as advised / orders judged',
  group: 'fulfilment',
  unit: 'percent',
  direction: 'none',
  clock: 'when all of the order had been reserved or shipped by somebody',
  exclusions: 'workspaces in decide mode have no figure: there nobody else chooses',
  owner: 'Head of fulfilment',
  target: null,
  thresholds: null,
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  sources: ['order.placed', 'fulfilment.allocated', 'fulfilment.dispatched'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'ratio', part: [adviceTaken], whole: [adviceJudged] },
});
