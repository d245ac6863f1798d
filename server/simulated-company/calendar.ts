/** Season, weekday and hour: how demand breathes. All factors are 1 on average. */
import type { ChannelPlan } from './company.ts';
import { DAY, HOUR, type LocalTime } from './local-time.ts';

/** Twenty-four hourly weights of each kind of channel, in its local time. */
const hourWeights: Record<ChannelPlan['kind'], readonly number[]> = {
  web: [3, 2, 1.2, 1, 1, 1.4, 2.2, 3.2, 4.2, 5, 5.5, 5.6, 5.8, 5.6, 5.2, 5, 5, 5.2, 5.8, 6.8, 7.6, 7.8, 6.4, 4.5],
  marketplace: [
    3.2, 2.2, 1.6, 1.3, 1.4, 1.8, 2.8, 3.8, 4.6, 5.2, 5.4, 5.4, 5.6, 5.3, 5, 5, 5, 5.1, 5.4, 6, 6.8, 7, 6, 4.4,
  ],
  wholesale: [0, 0, 0, 0, 0, 0.2, 1, 3, 8, 11, 12, 10, 7, 10, 11, 10, 8, 4, 1, 0.2, 0, 0, 0, 0],
  store: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 8, 11, 12, 11, 10, 10, 11, 10, 6, 0, 0, 0, 0],
};
/** Monday to Sunday. */
const weekdayWeights: Record<ChannelPlan['kind'], readonly number[]> = {
  web: [1.1, 1, 0.98, 0.98, 0.9, 0.94, 1.1],
  marketplace: [1.06, 1.02, 1, 1, 0.94, 0.94, 1.04],
  wholesale: [1.7, 1.5, 1.4, 1.3, 1.05, 0.05, 0],
  store: [0.7, 0.75, 0.8, 0.85, 1.1, 1.5, 1.3],
};
const monthFactors = [0.86, 0.86, 0.9, 0.97, 1.02, 0.98, 0.92, 0.93, 1, 1.06, 1.22, 1.28];
/** Categories that sell by the season; all others follow the company. */
const categoryMonths: Record<string, readonly number[]> = {
  'Garden & Outdoor': [0.3, 0.5, 1, 1.7, 2, 1.9, 1.6, 1.2, 0.8, 0.5, 0.4, 0.4],
  'Candles & Scent': [0.9, 0.8, 0.7, 0.7, 0.7, 0.7, 0.7, 0.8, 1, 1.3, 1.8, 1.9],
  'Throws & Cushions': [1.2, 1.1, 0.9, 0.8, 0.7, 0.7, 0.7, 0.8, 1.1, 1.3, 1.4, 1.3],
  Glassware: [0.8, 0.8, 0.9, 0.9, 1, 1.1, 1, 0.9, 0.9, 1, 1.3, 1.4],
};
const BLACK_FRIDAY_FACTOR = 1.6;

/** Factor of hour and weekday; its mean over a week is 1. */
export function hourOfWeekFactor(channel: ChannelPlan, local: LocalTime, at: number): number {
  const { weekday, inDay } = local.partsOf(at);
  const hours = hourWeights[channel.kind];
  const days = weekdayWeights[channel.kind];
  const hour = hours[Math.floor(inDay / HOUR)]! / (sumOf(hours) / 24);
  return (hour * days[weekday - 1]!) / (sumOf(days) / 7);
}

/** Factor of the time of the year for the whole company, without single big days. */
export const seasonFactor = (at: number): number => interpolated(monthFactors, at);

export const categorySeasonFactor = (category: string, at: number): number => {
  const months = categoryMonths[category];
  return months === undefined ? 1 : interpolated(months, at);
};

/** Black Friday (the day after the fourth Thursday of November) to Cyber Monday, for everybody who sells to consumers. */
export function bigDayFactor(channel: ChannelPlan, local: LocalTime, at: number): number {
  if (channel.kind === 'wholesale') return 1;
  const { day } = local.partsOf(at);
  const date = new Date(day * DAY);
  if (date.getUTCMonth() < 10) return 1;
  const firstOfNovember = Date.UTC(date.getUTCFullYear(), 10, 1) / DAY;
  const firstThursday = firstOfNovember + ((4 - (((firstOfNovember + 3) % 7) + 1) + 7) % 7);
  const blackFriday = firstThursday + 22;
  return day >= blackFriday && day <= blackFriday + 3 ? BLACK_FRIDAY_FACTOR : 1;
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** Twelve values stand for the middles of the months; between them a straight line. */
function interpolated(months: readonly number[], at: number): number {
  const date = new Date(at);
  const position = date.getUTCMonth() + (date.getUTCDate() - 0.5) / 30.5 - 0.5;
  const before = Math.floor(position);
  const share = position - before;
  return months[(before + 12) % 12]! * (1 - share) + months[(before + 13) % 12]! * share;
}
