/** The engine inside of this very process, for thousands of questions of the guard: no data, no interface in between. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from 'chdb';
import { explainStatement, type GuardEngine, linesOf, writeStatement } from '../../../analytics/guard/index.ts';

export function openGuardSession(): GuardEngine & { close(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'tideline-guard-'));
  // Keeps the engine open while sessions that failed are replaced.
  const keeper = new Session(folder);
  let session = new Session(folder);
  const ask = (sql: string): string => {
    try {
      return session.query(sql, 'TSV').toString();
    } catch (error) {
      session.close();
      session = new Session(folder);
      throw error;
    }
  };
  return {
    write: async (text) => linesOf(ask(writeStatement(text)))[0] ?? '',
    explain: async (canonical) => linesOf(ask(explainStatement(canonical))),
    close() {
      session.close();
      keeper.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
