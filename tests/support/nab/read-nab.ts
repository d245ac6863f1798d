/** The labelled series of the Numenta Anomaly Benchmark that lie beside the project, where they do. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Window } from './score-nab.ts';

const folder = path.resolve(import.meta.dirname, '../../../../shared/data/nab');
export const nabIsHere = existsSync(path.join(folder, 'combined_windows.json'));

export type NabSeries = { name: string; group: string; times: number[]; values: number[]; windows: Window[] };

/** In the order of their names. */
export function readNab(): NabSeries[] {
  const labels: Record<string, [string, string][]> = JSON.parse(
    readFileSync(path.join(folder, 'combined_windows.json'), 'utf8'),
  );
  return Object.entries(labels)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, spans]) => {
      const rows = gunzipSync(readFileSync(path.join(folder, `${name}.gz`)))
        .toString()
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(','));
      const times = rows.map(([time]) => epochOf(time!));
      const windows = spans.map(
        ([from, to]) =>
          [
            times.findIndex((time) => time >= epochOf(from)),
            times.findLastIndex((time) => time <= epochOf(to)),
          ] as const,
      );
      return { name, group: path.dirname(name), times, values: rows.map(([, value]) => Number(value)), windows };
    });
}

/** `2014-04-01 00:00:00`, or with a fraction of a second, by a clock that nobody named. */
const epochOf = (text: string): number => Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);
