/** Series as machines make them, with anomalies at known rows. */
import { normal } from '../synthetic-minutes.ts';
import { between, bump, type Family, heavy, hourOf, oneOf, places, rounded, whole } from './made-series.ts';

/** A level with a little noise in steps, spikes now and then; unusual are larger spikes and another level. */
export const quietProcessor: Family = (random) => {
  const rows = 4_032;
  const level = oneOf(random, [0.1, 1.8, 5, 40]);
  const noise = level * between(random, 0.01, 0.08);
  const step = level / whole(random, 20, 200);
  const spike = between(random, 0.001, 0.006);
  const values = Array.from({ length: rows }, () => {
    const high = random() < spike ? noise * 4 * heavy(random, 2.5) : 0;
    return level + noise * normal(random) + high;
  });
  const spans = places(random, rows, whole(random, 1, 2)).map((first) => {
    const lasts = oneOf(random, [0, 2, 30, 200]);
    const by = lasts > 10 ? noise * between(random, 4, 12) : level * between(random, 0.8, 4);
    for (let row = first; row <= Math.min(rows - 1, first + lasts); row++)
      values[row]! += by * between(random, 0.9, 1.1);
    return { first, last: Math.min(rows - 1, first + lasts) };
  });
  return { stepMinutes: 5, values: values.map((value) => Math.max(0, rounded(value, step))), spans };
};

/** Work that comes and goes by itself; unusual is a processor at its end, or one that stops. */
export const busyProcessor: Family = (random) => {
  const rows = 4_032;
  const level = between(random, 30, 60);
  const keep = between(random, 0.6, 0.95);
  const noise = between(random, 2, 6) * Math.sqrt(1 - keep * keep);
  let away = 0;
  const values = Array.from({ length: rows }, () => {
    away = keep * away + noise * normal(random);
    return level + away;
  });
  const spans = places(random, rows, whole(random, 1, 2)).map((first) => {
    const lasts = whole(random, 3, 120);
    const to = oneOf(random, [97, 4, level + 28]);
    for (let row = first; row <= first + lasts && row < rows; row++)
      values[row] = to + between(random, 0.2, 1.5) * normal(random);
    return { first, last: Math.min(rows - 1, first + lasts) };
  });
  return { stepMinutes: 5, values: values.map((value) => rounded(Math.max(0, Math.min(100, value)), 0.002)), spans };
};

/** Nothing most of the time, and bursts; unusual is a burst of another size, or many on end. */
export const bursts: Family = (random) => {
  const rows = 4_032;
  const size = 10 ** between(random, 3, 7);
  const share = between(random, 0.02, 0.2);
  const values = Array.from({ length: rows }, () =>
    random() < share ? size * Math.exp(0.6 * normal(random)) : size * 0.001 * random(),
  );
  const spans = places(random, rows, whole(random, 1, 2)).map((first) => {
    const lasts = oneOf(random, [0, 3, 40]);
    const by = lasts > 10 ? 1 : between(random, 8, 20);
    for (let row = first; row <= first + lasts && row < rows; row++)
      values[row] = by * size * Math.exp(0.3 * normal(random));
    return { first, last: Math.min(rows - 1, first + lasts) };
  });
  return { stepMinutes: 5, values: values.map((value) => Math.round(value)), spans };
};

/** Bursts at the same minutes of each hour or day, as jobs make them; unusual is one that stays away or comes too often. */
export const jobs: Family = (random) => {
  const rows = 4_032;
  const every = oneOf(random, [12, 72, 288]);
  const size = between(random, 20, 60);
  const values = Array.from({ length: rows }, (_, row) => {
    const due = (row + Math.round(0.6 * normal(random))) % every < Math.max(1, every / 12);
    return 5 + between(random, 0, 2) + (due ? size * between(random, 0.85, 1.15) : 0);
  });
  const spans = places(random, rows, 1).map((first) => {
    const lasts = whole(random, 2 * every, 3 * every);
    const kind = oneOf(random, ['away', 'often', 'larger'] as const);
    for (let row = first; row <= first + lasts && row < rows; row++) {
      if (kind === 'away') values[row] = 5 + between(random, 0, 2);
      else if (kind === 'often' && random() < 0.4) values[row] = 5 + size * between(random, 0.85, 1.15);
      else if (kind === 'larger' && values[row]! > 10) values[row]! *= 1.6;
    }
    return { first, last: Math.min(rows - 1, first + lasts) };
  });
  return { stepMinutes: 5, values, spans };
};

/** Milliseconds with a long tail; unusual are a slow hour and a release that made everything slower. */
export const latencies: Family = (random) => {
  const rows = 4_032;
  const level = between(random, 20, 400);
  const values = Array.from({ length: rows }, (_, row) => {
    const tail = random() < 0.01 ? heavy(random, 2.2) : 1;
    return level * (1 + 0.25 * bump(hourOf(row, 5), 14, 5)) * Math.exp(0.12 * normal(random)) * tail;
  });
  const spans = places(random, rows, whole(random, 1, 2)).map((first) => {
    const lasts = oneOf(random, [3, 12, 300]);
    const by = lasts > 20 ? 1.5 : between(random, 2.5, 5);
    for (let row = first; row <= first + lasts && row < rows; row++) values[row]! *= by;
    return { first, last: Math.min(rows - 1, first + lasts) };
  });
  return { stepMinutes: 5, values: values.map((value) => rounded(value, 0.01)), spans };
};

/** A slow thing with a day; unusual are a failure, a slide before it, and a sensor that stands still. */
export const temperature: Family = (random) => {
  const stepMinutes = oneOf(random, [5, 60]);
  const rows = stepMinutes === 5 ? 9_000 : 5_000;
  const perDay = 1440 / stepMinutes;
  let slow = 0;
  let quick = 0;
  const values = Array.from({ length: rows }, (_, row) => {
    slow = (1 - 0.3 / perDay) * slow + (2.5 / Math.sqrt(perDay)) * normal(random);
    quick = 0.8 * quick + 0.5 * normal(random);
    return 70 + slow + quick + 2 * Math.sin((2 * Math.PI * row) / perDay);
  });
  const spans = places(random, rows, 2).map((first) => {
    const kind = oneOf(random, ['fall', 'slide', 'still'] as const);
    const lasts = Math.round(perDay * between(random, 0.3, 0.8));
    const at = values[first]!;
    for (let row = first; row <= first + lasts && row < rows; row++) {
      if (kind === 'fall') values[row]! -= 25;
      if (kind === 'slide') values[row]! -= (22 * (row - first)) / lasts;
      if (kind === 'still') values[row] = at;
    }
    return { first, last: Math.min(rows - 1, first + lasts) };
  });
  return { stepMinutes, values: values.map((value) => rounded(value, 0.01)), spans };
};

/** A clean pattern of day and night, almost without chance; unusual is a day at another height, or none. */
export const clean: Family = (random) => {
  const rows = 4_032;
  const low = between(random, 10, 30);
  const high = low + between(random, 30, 80);
  const noise = oneOf(random, [0, 0.5, 2]);
  const kind = oneOf(random, ['none', 'up', 'down', 'away', 'nothing'] as const);
  const day = whole(random, 8, 12);
  const values = Array.from({ length: rows }, (_, row) => {
    const works = hourOf(row, 5) >= 9 && hourOf(row, 5) < 18;
    const odd = Math.floor(row / 288) === day;
    let value = works ? high : low;
    if (odd && works && kind === 'up') value += 0.5 * (high - low);
    if (odd && works && kind === 'down') value -= 0.5 * (high - low);
    if (odd && kind === 'away') value = low;
    if (odd && kind === 'nothing') value = 0.5 * low;
    return value + noise * normal(random);
  });
  const first = day * 288 + (kind === 'nothing' ? 0 : 108);
  return { stepMinutes: 5, values, spans: kind === 'none' ? [] : [{ first, last: first + 107 }] };
};
