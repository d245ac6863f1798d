/** How likely a count, or a sum, exceeds a limit. */

/** Above this limit a count is treated as continuous: the sum over all counts would cost a step per unit. */
const EXACT_UNTIL = 150;
/** exp of less than this is nothing, and the sum could not begin. */
const LOG_MIN = -600;

/** P(Z > z) of a standard normal; off by 1.2e-7 at most (Numerical Recipes, erfcc). */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const series =
    -1.26551223 +
    t *
      (1.00002368 +
        t *
          (0.37409196 +
            t *
              (0.09678418 +
                t *
                  (-0.18628806 +
                    t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
  const tail = (t * Math.exp(series - x * x)) / 2;
  return z >= 0 ? tail : 1 - tail;
}

/**
 * P(D >= limit) of a count with this mean and variance: negative binomial, or Poisson where the variance is no larger.
 * @param mean 0 or more
 */
export function countReaches(limit: number, mean: number, variance: number): number {
  if (limit <= 0) return 1;
  if (mean <= 0) return 0;
  const whole = Math.ceil(limit);
  const spread = Math.max(variance, mean);
  const over = spread - mean;
  const size = over > mean * 1e-6 ? (mean * mean) / over : Number.POSITIVE_INFINITY;
  const logNone = size === Number.POSITIVE_INFINITY ? -mean : -size * Math.log1p(mean / size);
  if (whole > EXACT_UNTIL || logNone < LOG_MIN) return gammaTail(whole - 0.5, mean, spread);
  const ratio = size === Number.POSITIVE_INFINITY ? 0 : mean / (size + mean);
  let term = Math.exp(logNone);
  let below = 0;
  for (let count = 0; count < whole; count++) {
    below += term;
    term *= ratio === 0 ? mean / (count + 1) : (ratio * (count + size)) / (count + 1);
  }
  return Math.max(0, Math.min(1, 1 - below));
}

/** P(X > limit) of a gamma distribution with this mean and variance (Wilson and Hilferty 1931). */
export function gammaTail(limit: number, mean: number, variance: number): number {
  if (limit <= 0) return 1;
  if (mean <= 0) return 0;
  const ninth = variance / (9 * mean * mean);
  return normalTail((Math.cbrt(limit / mean) - (1 - ninth)) / Math.sqrt(ninth));
}
