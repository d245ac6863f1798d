/** Tables that are being mapped right now, each in a thread of its own, and few at a time. */
import { Worker } from 'node:worker_threads';
import { BadTable } from './map-table.ts';
import type { TableMessage, TableWork } from './table-thread.ts';

const AT_ONCE_MAX = 2;
const MEMORY_MIB_MAX = 1_024;
const TAKES_MS_MAX = 120_000;

export class TooManyTables extends Error {}
export type TableMapper = { map(work: TableWork): Promise<string> };

export function openTableMapper(): TableMapper {
  let running = 0;
  return {
    /** @returns the answer as JSON; @throws BadTable, TooManyTables */
    async map(work) {
      if (running >= AT_ONCE_MAX) throw new TooManyTables('Other files are being looked at.');
      running++;
      try {
        return await mapInThread(work);
      } finally {
        running--;
      }
    },
  };
}

function mapInThread(work: TableWork): Promise<string> {
  const worker = new Worker(new URL('./table-thread.ts', import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB_MAX },
  });
  const late = setTimeout(() => void worker.terminate(), TAKES_MS_MAX);
  return new Promise<string>((resolve, reject) => {
    worker.once('message', (message: TableMessage) => {
      if ('answer' in message) resolve(message.answer);
      else reject(new BadTable(message.bad));
    });
    worker.once('error', reject);
    worker.once('exit', () =>
      reject(new BadTable('It took too long or too much memory. Use the command line for it.')),
    );
  }).finally(() => {
    clearTimeout(late);
    void worker.terminate();
  });
}
