/** What declared promotions multiply figures by: learned over promotions, and within one as soon as it shows. */
const DAY_MS = 86_400_000;
/** Relative variance of the first promotion's uplift, and of the next ones' around the mean of those before. */
const UNKNOWN = 0.8 ** 2;
const KNOWN = 0.4 ** 2;
/** How fast an uplift may change while it lasts, as a variance a day. */
const CHANGE_A_DAY = 0.3 ** 2;
const CLIP = 4;
const RATE_MIN = 0.3;
/** The share of time, of these days, from and until which promotions are usual. */
const SHARE_DAYS = 14;
const POINTS_FIRST = 20;
const USUAL_FROM = 0.5;
const USUAL_UNTIL = 0.35;
const LEAST = 0.2;
const MOST = 30;

export class Uplift {
  /** Relative variance of what is not known of it. */
  variance = UNKNOWN;
  private times = 1;
  private usual = 1;
  private promotions = 0;
  private isOn = false;
  private lastAt = Number.NaN;

  /** Promotions are on so often that they are how it is, and tell nothing. */
  isUsual = false;
  private share = 0;
  private points = 0;

  /** Whether a declared promotion is something that figures are to be seen by. */
  isNews(promoted: boolean, stepMs: number): boolean {
    this.points += 1;
    const rate = Math.max(1 - Math.exp(-stepMs / (SHARE_DAYS * DAY_MS)), 1 / (this.points + POINTS_FIRST));
    this.share += rate * ((promoted ? 1 : 0) - this.share);
    this.isUsual = this.share > (this.isUsual ? USUAL_UNTIL : USUAL_FROM);
    return promoted && !this.isUsual;
  }

  /** What a promotion would multiply by now. */
  get now(): number {
    return this.isOn ? this.times : this.usual;
  }

  /** Before a point is judged: whether it is promoted, and by how much. 1 outside of promotions. */
  at(t: number, promoted: boolean): number {
    if (promoted && !this.isOn) {
      this.times = this.usual;
      this.variance = this.promotions === 0 ? UNKNOWN : KNOWN;
    } else if (promoted) {
      this.variance += CHANGE_A_DAY * Math.min(1, (t - this.lastAt) / DAY_MS);
    } else if (this.isOn) {
      this.promotions += 1;
      this.usual += Math.max(RATE_MIN, 1 / this.promotions) * (this.times - this.usual);
      this.variance = KNOWN;
    }
    this.isOn = promoted;
    this.lastAt = t;
    return promoted ? this.times : 1;
  }

  /** @param variance of the point, without that of the uplift */
  learn(x: number, base: number, variance: number): void {
    if (!(base > 0)) return;
    const mu = base * this.times;
    const unknown = this.variance * mu * mu;
    const away = x - mu;
    const reach = CLIP * Math.sqrt(unknown + variance);
    const gain = unknown / (unknown + variance);
    this.times += (gain * Math.max(-reach, Math.min(reach, away))) / base;
    this.times = Math.max(LEAST, Math.min(MOST, this.times));
    this.variance *= 1 - gain;
  }
}
