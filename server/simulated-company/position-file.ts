/** How far a simulation has come, in a small file, so that a second start goes on with the same company. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { faultLevels } from './ground-truth.ts';

const position = z.object({
  model: z.int(),
  seed: z.int(),
  from: z.int(),
  ordersPerDay: z.number(),
  faults: z.enum(faultLevels),
  /** Deliveries the server has accepted, from the start. */
  sent: z.int().min(0),
});
export type Position = z.infer<typeof position>;

/** Null when there is no file yet. Throws with the file's name when it cannot be read or understood. */
export function readPosition(file: string): Position | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`cannot read ${file}: ${(error as Error).message}`);
  }
  try {
    return position.parse(JSON.parse(text));
  } catch {
    throw new Error(`${file} is not the position of a simulation; delete it to begin with a new company`);
  }
}

/** Written beside and renamed, so that a crash leaves the old position or the new one. */
export function writePosition(file: string, value: Position): void {
  writeFileSync(`${file}.new`, JSON.stringify(value));
  renameSync(`${file}.new`, file);
}
