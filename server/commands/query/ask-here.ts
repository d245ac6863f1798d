/** Asks the history of this machine as its owner: the views, or the tables themselves. */
import { randomUUID } from 'node:crypto';
import { writeFile as writeText } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { askPieces, askWhole } from '../../../analytics/clickhouse/whole-answer.ts';
import type { FileAbout } from '../../exports/files/answer-file.ts';
import { exportLimits } from '../../exports/limits.ts';
import { wireOf, writeFile } from '../../exports/write-file.ts';
import type { ExportFormat } from '../../http/contract/exports.ts';
import type { MetricQuestion } from '../../http/contract/questions.ts';
import { openRuntime } from '../../runtime.ts';
import { findServices } from '../../start/reach.ts';
import type { QueryFlags } from './flags.ts';
import { type QueryFormat, queryFormats } from './formats.ts';
import { ageOf, statementFor } from './measures.ts';

export type AskedQuery = { sql: string; question: MetricQuestion | null; format: QueryFormat };

const settings = { readonly: 2, max_execution_time: 300 };
const quiet = { warn: () => undefined };

export async function askHere(asked: AskedQuery, flags: QueryFlags, output: string | undefined): Promise<void> {
  const runtime = await openRuntime(findServices(flags), flags.workspace, quiet);
  try {
    const statement = asked.question === null ? null : await statementFor(runtime, asked.question);
    const sql = statement?.sql ?? asked.sql;
    const parameters = { ...statement?.parameters, ...flags.param };
    if (flags.showSql) {
      console.log(sql);
      for (const [name, value] of Object.entries(parameters)) console.log(`-- ${name} = ${JSON.stringify(value)}`);
      return;
    }
    const client = flags.raw ? runtime.history : runtime.ops;
    const kind = queryFormats[asked.format];
    if (output === undefined || !('file' in kind)) {
      const pieces = await askPieces(client, { sql, parameters, format: kind.engine, settings });
      if (output === undefined) await pipeline(Readable.from(pieces), process.stdout, { end: false });
      else await writeText(output, pieces, { flag: 'wx' });
      return;
    }
    const format: ExportFormat = kind.file;
    const [{ columns, pieces }, age] = await Promise.all([
      askWhole(client, { sql, parameters, format: wireOf(format), settings }),
      ageOf(runtime),
    ]);
    const askedAt = Date.now();
    const about = (rows: number): FileAbout => ({
      id: randomUUID(),
      name: basename(output),
      file: basename(output),
      format,
      sql,
      parameters,
      askedBy: userInfo().username,
      askedAt,
      endedAt: Date.now(),
      rows,
      columns,
      ...age,
    });
    const written = await writeFile({
      path: output,
      format,
      columns,
      pieces,
      bytesMax: exportLimits.fileBytesMax,
      about,
    });
    const manifest = { ...about(written.rows), ...written, state: 'done', problem: null };
    await writeText(`${output}.manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
    console.error(`${written.rows} rows, ${written.bytes} bytes in ${output}`);
  } finally {
    await runtime.close();
  }
}
