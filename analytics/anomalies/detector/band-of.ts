/** The band of what is expected. Where counts may be few it is wider above than below, and never below 0. */
import type { Band } from './detection.ts';
import type { Expected } from './rate-channel.ts';

/** The band reaches so many deviations to either side. */
const DEVIATIONS = 3;
/** It reaches no further than so many, however few are expected. */
const DEVIATIONS_MAX = 4.5;

export function bandOf({ mean, variance, additive }: Expected): Band {
  const deviation = Math.sqrt(variance);
  if (additive || mean <= 0) {
    const reach = DEVIATIONS * deviation;
    return { low: additive ? mean - reach : 0, mid: mean, high: mean + reach };
  }
  const dispersion = variance / mean;
  const root = Math.sqrt(mean / dispersion);
  const half = DEVIATIONS / 2;
  const high = Math.min(dispersion * (root + half) ** 2, mean + DEVIATIONS_MAX * deviation);
  return { low: dispersion * Math.max(0, root - half) ** 2, mid: mean, high };
}
