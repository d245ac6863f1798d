/** `tideline build-client`: builds the browser client ahead of a start, for images and read-only installations. */
import { Command } from 'commander';
import { buildClient } from '../start/client-build.ts';

export const buildClientCommand = (): Command =>
  new Command('build-client')
    .description('Build the browser client now, instead of at the next start.')
    .action(() => buildClient((words) => console.log(words)));
