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

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** A value of a dimension as it is read: `1` of the weekdays is Monday, `9` of the hours 09:00, nothing is `none`. */
export function valueName(dimension: string | undefined, value: string | null): string {
  if (value === null) return OTHERS;
  if (dimension === 'weekday') return weekdays[Number(value) - 1] ?? value;
  if (dimension === 'hour-of-day' && /^\d{1,2}$/.test(value)) return `${value.padStart(2, '0')}:00`;
  return value || 'none';
}
