/** The thread that links a snapshot: says when it is ready, begins when told, and says what it did. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Linking, linkSnapshot } from '../../analyst-sql/lab/link-snapshot.ts';

const { dataDir, path, linking } = workerData as { dataDir: string; path: string; linking: Linking };
parentPort!.once('message', () => {
  parentPort!.postMessage(linkSnapshot(dataDir, path, linking));
});
parentPort!.postMessage('ready');
