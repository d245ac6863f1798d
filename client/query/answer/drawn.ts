/** As much of an answer as is drawn: a tile of a board has no more. */
import type { Askable, MetricAnswer } from '../../../server/http/contract/questions.ts';

export type DrawnAnswer = Pick<MetricAnswer, 'question' | 'series' | 'targets' | 'anomalies' | 'restated'>;
/** What names and units are taken from. */
export type Named = {
  measures: readonly Pick<Askable['measures'][number], 'id' | 'name' | 'unit' | 'direction'>[];
  dimensions: readonly Pick<Askable['dimensions'][number], 'id' | 'name'>[];
};
/** What groups beyond those that are answered one by one are called. */
export const OTHERS = 'All others';
