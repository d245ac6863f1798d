/** Binds `replay` to this machine: its terminal, its Ctrl-C, and the key that the local server keeps for local commands. */
import type { Command } from 'commander';
import { addPlaceOptions } from '../config.ts';
import { readLocalKey } from '../start/local-key.ts';
import { type ReplayOptions, replay, replayCommand } from './replay.ts';

export function replayHere(): Command {
  const command = replayCommand(async (file: string, options: ReplayOptions) => {
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort()).once('SIGTERM', () => stop.abort());
    const { dataDir } = options as unknown as { dataDir: string };
    process.exitCode = await replay(file, options, {
      out: process.stdout,
      err: process.stderr,
      signal: stop.signal,
      localKey: async () => readLocalKey(dataDir),
    });
  });
  return addPlaceOptions(command);
}
