/**
 * A history in memory that answers like the engine: one insert fills several tables one after the other, may end after
 * any of them, and a repeated token adds only what is missing.
 */
import { Readable } from 'node:stream';
import type { HistoryClient } from '../../analytics/clickhouse/client.ts';
import { sqlString } from '../../analytics/clickhouse/sql-text.ts';
import { loadQuery } from '../../analytics/sql/load.ts';
import { currentProgram, type Program, type VirtualTime } from './virtual-time.ts';

export type Row = {
  seq: number;
  id: string;
  source: string;
  type: string;
  occurred_at: number;
  observed_at: number;
  received_at: number;
  data: object;
  corrects?: string;
  refused?: string;
  movements?: [number, string, string, string, string, string, number, string, string, string][];
};

const TABLES = ['events', 'movements', 'order_steps'] as const;
/** As `non_replicated_deduplication_window` of the tables. */
const TOKENS_KEPT = 100;

export type HistoryFaults = {
  latency(): number;
  /** How an insert ends that does not succeed: before it began, after so many tables, or with its answer lost. */
  insertEnds(): 'well' | 'unreached' | 'half-way' | 'unanswered';
  questionFails(): boolean;
  onWait(program: Program): void;
};

export class HistoryStore {
  readonly #time: VirtualTime;
  readonly #faults: HistoryFaults;
  readonly #tables = TABLES.map(() => ({ rows: new Map<number, Row>(), tokens: [] as string[] }));
  #lastSeq = 0;
  /** Rows that came twice into a table. */
  readonly twice: string[] = [];

  constructor(time: VirtualTime, faults: HistoryFaults) {
    this.#time = time;
    this.#faults = faults;
  }

  rows(): Row[] {
    return [...this.#tables[0]!.rows.values()].sort((a, b) => a.seq - b.seq);
  }

  /** What the tables disagree about. */
  differences(): string[] {
    const [first, ...others] = this.#tables;
    return others.flatMap(({ rows }, index) =>
      [...first!.rows.keys()].filter((seq) => !rows.has(seq)).map((seq) => `${TABLES[index + 1]} misses ${seq}`),
    );
  }

  lastSeq(): number {
    return this.#lastSeq;
  }

  /** For those who look at it when all is over. */
  reader(): HistoryClient {
    return {
      query: async ({ query, query_params }: { query: string; query_params: Record<string, number> }) => ({
        json: async () => this.#rowsFor(query, query_params),
      }),
    } as unknown as HistoryClient;
  }

  client(): HistoryClient {
    const program = currentProgram()!;
    return {
      exec: (request: { query: string; values: Readable; abort_signal?: AbortSignal }) =>
        this.#insert(program, request),
      query: ({ query, query_params }: { query: string; query_params: Record<string, number> }) =>
        this.#ask(program, query, query_params),
    } as unknown as HistoryClient;
  }

  async #insert(program: Program, request: { query: string; values: Readable; abort_signal?: AbortSignal }) {
    const token = /insert_deduplication_token='([^']+)'/.exec(request.query)?.[1];
    if (token === undefined) throw new Error('an insert came without its token');
    const chunks: Buffer[] = [];
    for await (const chunk of request.values) chunks.push(chunk as Buffer);
    const lines = Buffer.concat(chunks).toString().split('\n');
    this.#faults.onWait(program);
    const ends = this.#faults.insertEnds();
    const order = [...this.#tables].sort(() => this.#time.random.next() - 0.5);
    const written = ends === 'unreached' ? [] : ends === 'half-way' ? order.slice(0, 1 + (token.length % 2)) : order;
    let after = this.#faults.latency();
    for (const table of written) {
      // Whole and without the asker: what has arrived is finished even when the writer has died since.
      this.#time.after(after, () => this.#fill(table, token, lines));
      after += this.#faults.latency();
    }
    await this.#answered(program, after, ends === 'well');
    return { stream: Readable.from([]) };
  }

  #fill(table: { rows: Map<number, Row>; tokens: string[] }, token: string, lines: string[]): void {
    if (table.tokens.includes(token)) return;
    table.tokens.push(token);
    if (table.tokens.length > TOKENS_KEPT) table.tokens.shift();
    for (const line of lines) {
      const row = JSON.parse(line) as Row;
      if (table.rows.has(row.seq)) this.twice.push(`${row.seq} under ${token}`);
      table.rows.set(row.seq, row);
      if (table === this.#tables[0]) this.#lastSeq = Math.max(this.#lastSeq, row.seq);
    }
  }

  async #ask(program: Program, query: string, params: Record<string, number> = {}) {
    this.#faults.onWait(program);
    await this.#answered(program, this.#faults.latency(), !this.#faults.questionFails());
    const rows = this.#rowsFor(query, params);
    return { json: async () => rows };
  }

  /** The three questions of the history reader, told apart by their texts. */
  #rowsFor(query: string, params: Record<string, number>): object[] {
    if (query === loadQuery('queries/events-after')) return this.#page(params);
    if (query === loadQuery('queries/last-seq')) return this.lastSeq() === 0 ? [] : [{ seq: this.lastSeq() }];
    return this.rows()
      .filter(({ source, id }) => query.includes(sqlString(source)) && query.includes(sqlString(id)))
      .map(({ source, id }) => ({ source, id }));
  }

  #page({ after = 0, to = 0, limit = 0 }: Record<string, number>) {
    return this.rows()
      .filter(({ seq }) => seq > after && seq <= to)
      .slice(0, limit)
      .map((row) => ({
        seq: row.seq,
        id: row.id,
        source: row.source,
        type: row.type,
        corrects: row.corrects ?? '',
        data: JSON.stringify(row.data),
        occurredAt: row.occurred_at,
        observedAt: row.observed_at,
        receivedAt: row.received_at,
      }));
  }

  #answered(program: Program, ms: number, well: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const tell = () => (well ? resolve() : reject(new Error('the engine is away')));
      this.#time.after(ms, tell, program);
    });
  }
}
