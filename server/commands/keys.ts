/** `tideline keys`: machine keys and webhook secrets. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { connectorNames } from '../../streams/connectors/index.ts';
import { type Access, createAccess } from '../access/index.ts';
import { addPlaceOptions, type Config } from '../config.ts';
import { openRuntime } from '../runtime.ts';
import { findServices } from '../start/reach.ts';

const DAY_MS = 86_400_000;
const BY = 'command line';
const quiet = { warn: () => undefined };

type Place = Pick<Config, 'dataDir' | 'redisUrl' | 'clickhouseUrl' | 'workspace'>;

export function keysCommand(): Command {
  const command = new Command('keys').description('Machine keys for sources and readers, and secrets of webhooks.');
  command.addCommand(
    addPlaceOptions(new Command('create'))
      .description('Make a key and print it once.')
      .argument('<source>', 'the source that will send with it, or "*" for any')
      .addOption(new Option('--scope <scope>', 'what it may do').choices(['ingest', 'read']).default('ingest'))
      .option('--expires-days <days>', 'days until it ends', readDays)
      .action(async (source: string, flags: Place & { scope: 'ingest' | 'read'; expiresDays?: number }) => {
        await withAccess(flags, async (access) => {
          const expiresAt =
            flags.expiresDays === undefined ? {} : { expiresAt: Date.now() + flags.expiresDays * DAY_MS };
          const { text } = await access.createKey(BY, { source, scope: flags.scope, ...expiresAt });
          console.log(text);
          console.error('\nThis is the only time it is shown. Send it as "Authorization: Bearer <key>".');
        });
      }),
  );
  command.addCommand(
    addPlaceOptions(new Command('list'))
      .description('List the keys, without their secrets.')
      .action(async (flags: Place) => {
        await withAccess(flags, async (access) => console.table(await access.listKeys()));
      }),
  );
  command.addCommand(
    addPlaceOptions(new Command('revoke'))
      .description('End a key at once.')
      .argument('<id>', 'the id that "keys list" shows')
      .action(async (id: string, flags: Place) => {
        await withAccess(flags, async (access) => {
          if (await access.revokeKey(BY, id)) return console.log(`Key ${id} has ended.`);
          console.error(`There is no key ${id}.`);
          process.exitCode = 1;
        });
      }),
  );
  command.addCommand(
    addPlaceOptions(new Command('webhook'))
      .description('Set up a webhook source, or add a secret to it during a rotation.')
      .argument('<source>', 'its name in POST /v1/webhooks/<source>')
      .addOption(new Option('--connector <name>', 'the system that calls').choices(connectorNames).default('shopify'))
      .requiredOption('--secret <secret>', 'what the other system signs with')
      .action(async (source: string, flags: Place & { connector: string; secret: string }) => {
        await withAccess(flags, async (access) => {
          const { connector, secret } = flags;
          await access.addWebhookSecret(BY, { source, connector, secret });
          console.log(`Calls of ${connector} are taken at POST /v1/webhooks/${source}`);
        });
      }),
  );
  return command;
}

async function withAccess(place: Place, work: (access: Access) => Promise<unknown>): Promise<void> {
  const runtime = await openRuntime(findServices(place), place.workspace, quiet);
  try {
    await work(createAccess({ redis: runtime.redis, workspace: place.workspace }));
  } finally {
    await runtime.close();
  }
}

function readDays(text: string): number {
  const days = Number(text);
  if (!(days > 0 && days <= 3_650)) throw new InvalidArgumentError('must be a number of days from 1 to 3650.');
  return days;
}
