/** `tideline <command>`: the command line. */
import { Command } from 'commander';
import { version } from '../version.ts';
import { analystUserCommand } from './analyst-user.ts';
import { buildClientCommand } from './build-client.ts';
import { detectCommand } from './detect.ts';
import { doctorCommand } from './doctor.ts';
import { keysCommand } from './keys.ts';
import { queryCommand } from './query.ts';
import { rebuildCommand } from './rebuild.ts';
import { replayHere } from './replay-here.ts';
import { settingsCommand } from './settings.ts';
import { simulateCommand } from './simulate.ts';
import { startCommand } from './start.ts';
import { tryPolicyCommand } from './try-policy.ts';

export function createProgram(): Command {
  const program = new Command('tideline')
    .description('Live operations intelligence for multi-channel ecommerce.')
    .version(version)
    .showHelpAfterError('(add --help to see what is possible)')
    .addHelpText('after', '\nExample: npm run tideline -- keys create web-shop');
  for (const command of [
    startCommand(),
    simulateCommand(),
    replayHere(),
    keysCommand(),
    queryCommand(),
    detectCommand(),
    analystUserCommand(),
    settingsCommand(),
    tryPolicyCommand(),
    rebuildCommand(),
    doctorCommand(),
    buildClientCommand(),
  ]) {
    program.addCommand(command);
  }
  return program;
}
