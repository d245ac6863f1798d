/** The entry: reads the command and runs it. */

import { createProgram } from './commands/program.ts';
import { argumentsGiven } from './config.ts';
import { StartError } from './start/start-error.ts';

try {
  await createProgram().parseAsync(argumentsGiven(), { from: 'user' });
} catch (error) {
  // What an operator can mend is told in one message; anything else is a fault of ours and shows where.
  if (error instanceof StartError) console.error(`tideline: ${error.message}`);
  else console.error(error);
  process.exitCode = 1;
}
