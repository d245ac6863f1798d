/** Answers each line with exactly one line. Every series has its own detector; a bad line changes none. */
import { createDetector } from '../../../analytics/anomalies/detector/create-detector.ts';
import type { Detector, Judgement, SeriesKind } from '../../../analytics/anomalies/detector/detection.ts';
import { BadLine, readPoint, type SeriesPoint, type TimeUnit } from './read-point.ts';

export type JudgeOptions = {
  /** For series whose lines name none. */
  kind?: SeriesKind | undefined;
  timeZone?: string | undefined;
  unit?: TimeUnit | undefined;
  /** Names series and time in every answer. */
  echo?: boolean | undefined;
  seriesMax?: number | undefined;
};
export type SavedSeries = { series: string; kind: SeriesKind | null; saved: object };

export const SERIES_MAX = 20_000;
const SCORE_DIGITS = 1e6;
const BAND_DIGITS = 10;

type Known = { kind: SeriesKind | undefined; detector: Detector };

export class LineJudge {
  private readonly options: JudgeOptions;
  private readonly known = new Map<string, Known>();

  constructor(options: JudgeOptions = {}) {
    this.options = options;
  }

  /** The answer to one line, without a line break. Throws never. */
  answer(line: string): string {
    try {
      const given = readPoint(line, this.options.unit);
      const judgement = this.detectorOf(given).judge(given.point);
      return this.options.echo === true
        ? `{"series":${JSON.stringify(given.series)},"t":${given.point.t},${worded(judgement)}}`
        : `{${worded(judgement)}}`;
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      return JSON.stringify({ error: error.message });
    }
  }

  *save(): Generator<SavedSeries> {
    for (const [series, { kind, detector }] of this.known) yield { series, kind: kind ?? null, saved: detector.save() };
  }

  restore({ series, kind, saved }: SavedSeries): void {
    const { timeZone } = this.options;
    this.known.set(series, {
      kind: kind ?? undefined,
      detector: createDetector({ kind: kind ?? undefined, timeZone, saved }),
    });
  }

  private detectorOf({ series, kind = this.options.kind }: SeriesPoint): Detector {
    const known = this.known.get(series);
    if (known !== undefined) return known.detector;
    const most = this.options.seriesMax ?? SERIES_MAX;
    if (this.known.size >= most) throw new BadLine(`more than ${most} series; --series-max allows more`);
    const detector = createDetector({ kind, timeZone: this.options.timeZone });
    this.known.set(series, { kind, detector });
    return detector;
  }
}

function worded({ score, alert, band, what }: Judgement): string {
  const range = `${shortened(band.low)},${shortened(band.mid)},${shortened(band.high)}`;
  return `"score":${share(score)},"alert":${share(alert)},"band":[${range}],"what":"${what}"`;
}

const share = (score: number): number => Math.round(score * SCORE_DIGITS) / SCORE_DIGITS;
const shortened = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(BAND_DIGITS)));
