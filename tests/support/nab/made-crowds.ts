/** Series as many people make them together, with anomalies at known rows. */
import { normal, poisson } from '../synthetic-minutes.ts';
import {
  between,
  bump,
  DAY_MS,
  type Family,
  FROM,
  heavy,
  hourOf,
  MINUTE_MS,
  oneOf,
  places,
  type Span,
  whole,
} from './made-series.ts';

/** A day's tide of counts with too much chance; unusual are rushes and breakdowns. */
export const requests: Family = (random) => {
  const rows = 4_032;
  const mean = between(random, 20, 300);
  let drift = 0;
  const means = Array.from({ length: rows }, (_, row) => {
    drift = 0.97 * drift + 0.03 * normal(random);
    const hour = hourOf(row, 5);
    return mean * (0.2 + bump(hour, 12, 4) + bump(hour, 19, 3)) * Math.exp(drift);
  });
  const spans = places(random, rows, whole(random, 1, 3)).map((first) => {
    const lasts = whole(random, 1, 36);
    const by = oneOf(random, [0.05, 0.3, 2.5, 4]);
    for (let row = first; row <= first + lasts && row < rows; row++) means[row]! *= by;
    return { first, last: Math.min(rows - 1, first + lasts) };
  });
  return {
    stepMinutes: 5,
    values: means.map((one) => poisson(random, one * (1 + 0.25 * (heavy(random, 4) - 1.33)))),
    spans,
  };
};

/** How often a name is mentioned: bursts that feed themselves; unusual is one that all the world speaks of. */
export const mentions: Family = (random) => {
  const rows = 12_000;
  const mean = between(random, 3, 60);
  const values: number[] = [];
  const spans: Span[] = [];
  const starts = places(random, rows, whole(random, 2, 4));
  let excited = 0;
  for (let row = 0; row < rows; row++) {
    const tide = 0.4 + bump(hourOf(row, 5), 16, 6);
    excited *= 0.8;
    if (random() < 0.004) excited += 0.7 * heavy(random, 1.8);
    if (starts.includes(row)) {
      excited += between(random, 18, 50);
      spans.push({ first: row, last: row + 12 });
    }
    values.push(poisson(random, mean * tide * (1 + excited) * Math.exp(0.3 * normal(random))));
  }
  return { stepMinutes: 5, values, spans };
};

/** Passengers by half hour, with weekdays; unusual are days that go another way. */
export const passengers: Family = (random) => {
  const rows = 48 * 150;
  const mean = between(random, 200, 12_000);
  const odd = new Map<number, number>();
  const starts = places(random, rows, whole(random, 2, 5)).map((row) => row - (row % 48));
  for (const start of starts) odd.set(start / 48, oneOf(random, [0.35, 0.55, 1.5]));
  let drift = 0;
  const values = Array.from({ length: rows }, (_, row) => {
    if (row % 48 === 0) drift = 0.6 * drift + 0.04 * normal(random);
    const day = Math.floor(row / 48);
    const hour = hourOf(row, 30);
    const free = day % 7 >= 5;
    const shape = 0.15 + (free ? bump(hour, 14, 5) + bump(hour, 23, 3) : bump(hour, 9, 2.5) + 1.2 * bump(hour, 19, 3));
    return Math.max(0, Math.round(mean * shape * (odd.get(day) ?? 1) * Math.exp(drift + 0.05 * normal(random))));
  });
  return { stepMinutes: 30, values, spans: starts.map((first) => ({ first, last: first + 47 })) };
};

/** A price by hour, restless and skewed; unusual are a few that are far too high. */
export const prices: Family = (random) => {
  const rows = 1_600;
  const level = between(random, 0.08, 1.2);
  const spread = between(random, 0.15, 0.4);
  let slow = 0;
  const values = Array.from({ length: rows }, (_, row) => {
    slow = 0.98 * slow + 0.03 * normal(random);
    const tail = random() < 0.02 ? 0.5 * heavy(random, 3) : 0;
    return level * Math.exp(slow + spread * normal(random) + 0.2 * Math.sin((2 * Math.PI * row) / 24)) * (1 + tail);
  });
  const spans = places(random, rows, whole(random, 1, 4)).map((first) => {
    const lasts = whole(random, 0, 3);
    for (let row = first; row <= first + lasts; row++) values[row]! *= between(random, 3, 7);
    return { first, last: first + lasts };
  });
  return { stepMinutes: 60, values, spans };
};

/** Cars' speed on a road, at moments as they come, with rush hours; unusual is a road that stands at the wrong time. */
export const speeds: Family = (random) => {
  const rows = 2_400;
  const times: number[] = [];
  let at = FROM;
  for (let row = 0; row < rows; row++) {
    at += (random() < 0.02 ? whole(random, 4, 40) : whole(random, 1, 3) * 5) * MINUTE_MS;
    times.push(at);
  }
  const deep = between(random, 10, 25);
  const jammed = places(random, rows, whole(random, 1, 3)).map((first) => ({
    first,
    last: first + whole(random, 3, 20),
  }));
  const values = times.map((time, row) => {
    const hour = (time % DAY_MS) / 3_600_000;
    const rush = deep * (bump(hour, 8, 1) + bump(hour, 17, 1.5)) * between(random, 0.5, 1.2);
    const jam = jammed.some(({ first, last }) => row >= first && row <= last) ? between(random, 30, 45) : 0;
    return Math.max(3, Math.round(68 - rush - jam + 3 * normal(random)));
  });
  return { stepMinutes: 10, values, spans: jammed, times };
};
