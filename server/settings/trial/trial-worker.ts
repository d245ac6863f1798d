/** A trial in a thread of its own: folding millions of events must not keep the server from answering. */
import { parentPort, workerData } from 'node:worker_threads';
import { catalog } from '../../../analytics/kpis/index.ts';
import { openRuntime, type Reached } from '../../runtime.ts';
import { runTrial, type TrialInput } from './run-trial.ts';

export type TrialWork = { reached: Reached; workspace: string; input: TrialInput };
export type TrialMessage =
  | { progress: number }
  | { result: Awaited<ReturnType<typeof runTrial>> }
  | { problem: string };

const { reached, workspace, input } = workerData as TrialWork;
const tell = (message: TrialMessage) => parentPort!.postMessage(message);

const runtime = await openRuntime(reached, workspace, { warn: () => undefined });
try {
  const result = await runTrial(runtime, catalog, input, (progress) => tell({ progress }));
  tell({ result });
} catch (error) {
  tell({ problem: error instanceof Error ? error.message : String(error) });
} finally {
  await runtime.close();
}
