/**
 * What several series say together, such as one KPI in every channel: five channels that are each a little low at once
 * are more surprising than any of them, and one that is far out alone says so without the others.
 */
export type Opinion = {
  series: string;
  score: number;
  /** Above what was expected. */
  isUp: boolean;
};
export type Agreement = {
  /** How surprising all of them are together, in the measure of a single score. */
  score: number;
  isUp: boolean;
  /** The series that make it so, the most surprising first. */
  agrees: string[];
};

const HALF_SURPRISE = 4;
const SURPRISE_MAX = 12;
/** Series of one company have good and bad days together: so much of what they say in common is said by each already. */
const INDEPENDENT = 0.5;
/** A series less surprising than this agrees with nobody. */
const AGREES_FROM = 1;

/** Null where there is nobody. */
export function agreement(opinions: Opinion[]): Agreement | null {
  const [up, down] = [true, false].map((isUp) => ofSide(opinions, isUp));
  if (up === null || down === null) return up ?? down ?? null;
  return up!.score > down!.score ? up! : down!;
}

function ofSide(all: Opinion[], isUp: boolean): Agreement | null {
  const side = all
    .filter((opinion) => opinion.isUp === isUp)
    .map(({ series, score }) => ({ series, surprise: (HALF_SURPRISE * score) / Math.max(1e-9, 1 - score) }))
    .sort((a, b) => b.surprise - a.surprise);
  if (side.length === 0) return null;
  let most = 0;
  let count = 1;
  side.forEach(({ surprise }, index) => {
    if (surprise < AGREES_FROM) return;
    // How rarely at least so many of all are this surprising, if none knew of the others.
    const together = -Math.log10(tail(all.length, index + 1, 10 ** -surprise)) - Math.log10(all.length);
    if (together > most) {
      most = together;
      count = index + 1;
    }
  });
  const alone = side[0]!.surprise;
  const surprise = Math.min(SURPRISE_MAX, alone + INDEPENDENT * Math.max(0, most - alone));
  return {
    score: surprise / (surprise + HALF_SURPRISE),
    isUp,
    agrees: side.slice(0, count).map(({ series }) => series),
  };
}

/** The chance that of `n` at least `k` happen, each with chance `p`. */
function tail(n: number, k: number, p: number): number {
  let term = 1;
  for (let index = 0; index < k; index++) term *= ((n - index) / (index + 1)) * p;
  term *= (1 - p) ** (n - k);
  let sum = 0;
  for (let index = k; index <= n && term > 0; index++) {
    sum += term;
    term *= ((n - index) / (index + 1)) * (p / Math.max(1e-300, 1 - p));
  }
  return Math.min(1, Math.max(1e-300, sum));
}
