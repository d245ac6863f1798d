/** Questions of analysts on labs. */
import { EngineError } from '../../clickhouse/embedded/engine-error.ts';
import { type AnalystColumn, type AnalystEngine, type Estimate, NoAnalystEngine } from '../engine.ts';
import { type LabsOptions, openLabs, type TakeSnapshot } from './labs.ts';
import type { Lab } from './start-lab.ts';

export function openLabEngine(options: LabsOptions): AnalystEngine & { labs: ReturnType<typeof openLabs> } {
  const labs = openLabs(options);

  async function told<Row>(lab: Lab, sql: string, signal: AbortSignal): Promise<Row[]> {
    const pieces: Buffer[] = [];
    await lab.ask({ sql, format: null }, { signal, onPiece: (piece) => void pieces.push(piece) });
    const lines = Buffer.concat(pieces).toString().split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row);
  }

  return {
    labs,
    run: ({ canonical, format, signal, onStart, onProgress, onPiece }) =>
      labs.use((lab, from) => {
        onStart?.(from);
        return lab.ask({ sql: canonical, format }, { signal, onPiece, ...(onProgress && { onProgress }) });
      }),

    estimate: (canonical, msMax) =>
      labs.use(async (lab): Promise<Estimate | null> => {
        const tables = await told<Record<'rows' | 'marks' | 'parts', string>>(
          lab,
          estimateOf(canonical),
          AbortSignal.timeout(msMax),
        );
        const sum = (of: 'rows' | 'marks' | 'parts') => tables.reduce((total, table) => total + Number(table[of]), 0);
        return tables.length === 0 ? null : { rows: sum('rows'), marks: sum('marks'), parts: sum('parts') };
      }),

    columns: (canonical, signal) =>
      labs.use(async (lab) =>
        (await told<AnalystColumn>(lab, describe(canonical), signal)).map(({ name, type }) => ({ name, type })),
      ),

    status() {
      const lacks = labs.lacks();
      const words =
        labs.isolation() === 'sandbox'
          ? 'in throw-away engines without network, files and environment'
          : 'in throw-away engines that are ordinary processes';
      return { kind: 'lab', words, lacks };
    },

    stop: () => labs.stop(),
  };
}

export const estimateOf = (canonical: string): string => `EXPLAIN ESTIMATE ${canonical}`;
export const describe = (canonical: string): string => `DESCRIBE (${canonical})`;

/** Asks the embedded engine for snapshots. */
export function snapshotsOf(engine: { url: string; username: string; password: string }): TakeSnapshot {
  const authorization = `Basic ${Buffer.from(`${engine.username}:${engine.password}`).toString('base64')}`;
  return async (name, linking) => {
    const answer = await fetch(`${engine.url}/snapshot?name=${name}&links=${linking}`, {
      method: 'POST',
      headers: { authorization },
    });
    if (answer.ok) return (await answer.json()) as Awaited<ReturnType<TakeSnapshot>>;
    const words = await answer.text();
    if (answer.status === 404 || words.includes('Empty query')) {
      throw new NoAnalystEngine('This engine takes no snapshots.');
    }
    throw new EngineError(1_002, 'NO_SNAPSHOT', `No snapshot could be taken: ${words.trim()}`);
  };
}
