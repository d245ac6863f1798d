/** Maps one table in a thread of its own: a hundred thousand rows must not keep the server from answering. */
import { parentPort, workerData } from 'node:worker_threads';
import type { TableMapping } from '../http/contract/imports.ts';
import { BadTable, mapTable } from './map-table.ts';

export type TableWork = { csv: string; mapping: TableMapping };
/** `answer` is JSON already: to copy a hundred thousand events as objects would stop both sides. */
export type TableMessage = { answer: string } | { bad: string };

const { csv, mapping } = workerData as TableWork;
try {
  parentPort!.postMessage({ answer: JSON.stringify(await mapTable(csv, mapping)) } satisfies TableMessage);
} catch (error) {
  if (!(error instanceof BadTable)) throw error;
  parentPort!.postMessage({ bad: error.message } satisfies TableMessage);
}
