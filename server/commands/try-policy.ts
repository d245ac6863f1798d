/** `tideline try-policy`: what a changed policy would have done to the last days. */
import { readFileSync } from 'node:fs';
import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError, Option } from 'commander';
import { parse } from 'yaml';
import { catalog } from '../../analytics/kpis/index.ts';
import { type PolicyKind, policyKinds } from '../../streams/events/policies.ts';
import { addPlaceOptions, type Config } from '../config.ts';
import { TRIAL_DAYS_MAX } from '../http/contract/settings.ts';
import { openRuntime } from '../runtime.ts';
import { BadSettings, checkPolicy } from '../settings/change.ts';
import { runTrial, type TrialResult } from '../settings/trial/run-trial.ts';
import { findServices } from '../start/reach.ts';

const quiet = { warn: () => undefined };
const DIFFERENCES_SHOWN_MAX = 10;

type Flags = Config & { policy: PolicyKind; body: string; days: number };

export function tryPolicyCommand(): Command {
  return addPlaceOptions(new Command('try-policy'))
    .description(
      'Fold the last days again under a changed policy, beside the policies as they were. Nothing is changed.',
    )
    .addOption(new Option('--policy <kind>', 'which policy').choices(policyKinds).makeOptionMandatory())
    .requiredOption('--body <file>', 'the policy as YAML, as `settings export` prints it under `policies`')
    .addOption(new Option('--days <number>', 'how many days back').default(7).argParser(readDays))
    .action(async (flags: Flags) => {
      const runtime = await openRuntime(findServices(flags), flags.workspace, quiet);
      const bar = new SingleBar({ format: '  {bar} {percentage}% | {duration_formatted}' });
      try {
        const body = checkPolicy(flags.policy, parse(readFileSync(flags.body, 'utf8'), { maxAliasCount: 0 }));
        bar.start(1, 0);
        const result = await runTrial(runtime, catalog, { ...flags, body }, (share) => bar.update(share));
        bar.stop();
        console.log(describeResult(result));
      } catch (error) {
        bar.stop();
        const { message } = error as Error;
        console.error(error instanceof BadSettings ? `The policy is not right: ${message}` : message);
        process.exitCode = 1;
      } finally {
        await runtime.close();
      }
    });
}

function describeResult({
  events,
  asItWas = {},
  asTried = {},
  differences = [],
  differentDecisions,
}: TrialResult): string {
  const names = [...new Set([...Object.keys(asItWas), ...Object.keys(asTried)])].sort();
  const rows = names.map((name) => {
    const [was, now] = [asItWas[name] ?? 0, asTried[name] ?? 0];
    const change = now === was ? '' : ` (${now > was ? '+' : ''}${(now - was).toLocaleString('en')})`;
    return `  ${name.padEnd(34)} ${was.toLocaleString('en').padStart(14)} ${now.toLocaleString('en').padStart(14)}${change}`;
  });
  const shown = differences.slice(0, DIFFERENCES_SHOWN_MAX);
  return [
    `${events.toLocaleString('en')} events, ${differentDecisions} decisions come out differently`,
    `  ${''.padEnd(34)} ${'as it was'.padStart(14)} ${'as tried'.padStart(14)}`,
    ...rows,
    ...shown.map(({ order, line, asItWas: was, asTried: now }) => `  order ${order} ${line}: ${was} -> ${now}`),
  ].join('\n');
}

function readDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > TRIAL_DAYS_MAX)
    throw new InvalidArgumentError(`must be a whole number from 1 to ${TRIAL_DAYS_MAX}.`);
  return days;
}
