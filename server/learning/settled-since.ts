/** Since when what is set for something holds as it does now: what was told under another setting says nothing of this one. */
import type { Labelled } from '../../analytics/learning/episode.ts';
import { type PolicyBody, policySchemas } from '../../streams/events/policies.ts';

/** A body of a policy and when it was defined, epoch ms. */
export type Version = { at: number; body: unknown };
/** Newest first, the one that holds at the head. `complete`: there was none before the last of them, the defaults held. */
export type Versions = { versions: readonly Version[]; complete: boolean };

const defaults = policySchemas.signals.parse({});

/** @param settingOf what of a body is set for it; undefined where the defaults hold */
export function settledSince({ versions, complete }: Versions, settingOf: (body: unknown) => unknown): number {
  const [newest] = versions;
  if (newest === undefined) return 0;
  const now = JSON.stringify(settingOf(newest.body));
  let since = newest.at;
  for (const { at, body } of versions) {
    if (JSON.stringify(settingOf(body)) !== now) return since;
    since = at;
  }
  return complete && now === undefined ? 0 : since;
}

/** @returns whether an alarm was told under what is set now for its kind, and for its series where it has one */
export function toldAsSetNow(exceptions: Versions, signals: Versions): (alarm: Labelled) => boolean {
  const known = new Map<string, number>();
  return ({ kind, signal, openedAt }) => {
    const about = `${kind} ${signal?.series ?? ''}`;
    let since = known.get(about);
    if (since === undefined) {
      const ofKind = settledSince(exceptions, (body) => (body as Partial<PolicyBody<'exceptions'>>).kinds?.[kind]);
      const ofSeries = signal === null ? 0 : settledSince(signals, (body) => setForSeries(body, signal.series));
      since = Math.max(ofKind, ofSeries);
      known.set(about, since);
    }
    return openedAt >= since;
  };
}

/** What is set for a KPI holds for its series too. */
function setForSeries(body: unknown, name: string): unknown {
  const { alarmsPerSeriesAndWeek: perWeek, series = {} } = body as Partial<PolicyBody<'signals'>>;
  const own = [series[name.split('/')[0]!], series[name]];
  const usual = perWeek === undefined || perWeek === defaults.alarmsPerSeriesAndWeek;
  return usual && own.every((one) => one === undefined) ? undefined : [perWeek, own];
}
