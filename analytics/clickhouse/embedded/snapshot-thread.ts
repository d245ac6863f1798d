/** The thread that links a snapshot: says when it is ready, begins when told, and says what it did. */
import { parentPort, workerData } from 'node:worker_threads';
import { linkSnapshot } from '../../analyst-sql/lab/link-snapshot.ts';

const { dataDir, path } = workerData as { dataDir: string; path: string };
parentPort!.once('message', () => {
  parentPort!.postMessage(linkSnapshot(dataDir, path));
});
parentPort!.postMessage('ready');
