/** The entry: reads the command and runs it. */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Before anything of ours is loaded: what TypeScript and V8 made of it the last time halves every start. Within the
// project and not in the folder for temporary files, where others could leave something to be run.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/tideline', import.meta.url)));
const { createProgram } = await import('./commands/program.ts');
const { argumentsGiven } = await import('./config.ts');
const { StartError } = await import('./start/start-error.ts');

try {
  await createProgram().parseAsync(argumentsGiven(), { from: 'user' });
} catch (error) {
  // What an operator can mend is told in one message; anything else is a fault of ours and shows where.
  if (error instanceof StartError) console.error(`tideline: ${error.message}`);
  else console.error(error);
  process.exitCode = 1;
}
