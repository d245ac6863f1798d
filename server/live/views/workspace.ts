import { LIVE_LAG_MAX_MS } from '../../../streams/operations/sources/source.ts';
import type { WorkspaceView } from '../contract.ts';
import type { Mirror } from '../mirror.ts';
import { anyOf, type View } from './view.ts';

/** Business time is told in steps, so that a quiet workspace sends nothing. */
const STEP_MS = 10_000;

export const workspaceView: View = {
  concerns: anyOf('workspace', 'source'),
  everyMs: STEP_MS,
  entries: (mirror) => ({ workspace: workspaceOf(mirror) }),
};

export function workspaceOf(mirror: Mirror, workspace = 'main'): WorkspaceView {
  const { name, currency, timeZone, simulated, mode, watermark } = mirror.workspace();
  const businessNow = Math.floor(mirror.businessNow() / STEP_MS) * STEP_MS;
  return {
    workspace,
    name,
    currency,
    timeZone,
    simulated,
    mode,
    businessNow,
    replaying: watermark > 0 && mirror.now() - watermark > LIVE_LAG_MAX_MS,
    empty: watermark === 0,
  };
}
