/** Moments as lists about access show them: how long ago, and the whole moment for who points at it. */
import { formatAge } from '../formats/durations.ts';
import { formatDate, formatMoment } from '../formats/times.ts';
import { useConnection } from '../live/live.ts';
import { useWorkspace } from '../workspace/workspace.ts';

export function useMoments() {
  const { now } = useConnection();
  const workspace = useWorkspace();
  return {
    now,
    ago: (at: number | null) => (at === null ? 'Never' : `${formatAge(now.value - at)} ago`),
    date: (at: number | null) => (at === null ? 'Never' : formatDate(at, workspace.timeZone)),
    moment: (at: number | null) => (at === null ? '' : formatMoment(at, workspace.timeZone)),
  };
}
