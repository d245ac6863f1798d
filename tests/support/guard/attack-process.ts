/**
 * Runs attacks for real, with nothing but one layer in their way: a process of its own, without an environment, on data
 * that is thrown away. `node attack-process.ts <data folder> <configuration>`; texts come as lines of base64 (some hold signs that
 * end lines), and for each one line goes back. A process that is gone answers for the text it was at.
 */
import { createInterface } from 'node:readline';
import { Session } from 'chdb';

const [, , folder, configuration] = globalThis.process.argv;
const open = () => new Session(folder!, { connectionArgs: [`--config-file=${configuration}`] });
const keeper = open();

/** In the database of the views, as soon as there is one. */
function inOps(): Session {
  const session = open();
  try {
    session.query('USE ops', 'TSV');
    return session;
  } catch {
    session.close();
    return open();
  }
}

for await (const line of createInterface({ input: globalThis.process.stdin })) {
  const session = inOps();
  let outcome = 'answered';
  try {
    session.query(Buffer.from(line, 'base64').toString('utf8'), 'TSV');
  } catch (error) {
    outcome = String(/Code: (\d+)\. DB::/.exec(String(error))?.[1] ?? 'failed');
  }
  session.close();
  globalThis.process.stdout.write(`${outcome}\n`);
}
keeper.close();
