/** Asks a server over HTTP with a read key, as a BI tool does: through its guard and its limits. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { AskedQuery } from './ask-here.ts';
import type { QueryFlags } from './flags.ts';
import { queryFormats } from './formats.ts';

export async function askServer(asked: AskedQuery, flags: QueryFlags, output: string | undefined): Promise<void> {
  if (asked.question !== null)
    throw new Error('--measure asks this machine. Of a server, ask in SQL: --show-sql prints it.');
  if (flags.raw) throw new Error('--raw is for the owner of this machine; a server answers over the views.');
  if (flags.key === undefined) throw new Error('A read key is needed: --key, or TIDELINE_KEY.');
  const { engine } = queryFormats[asked.format];
  if (engine === '') throw new Error(`A server makes ${asked.format} of an export only: POST /v1/exports.`);
  const address = new URL('bi', flags.url!.endsWith('/') ? flags.url : `${flags.url}/`);
  address.searchParams.set('default_format', engine);
  for (const [name, value] of Object.entries(flags.param)) address.searchParams.set(`param_${name}`, value);
  const answer = await fetch(address, {
    method: 'POST',
    body: asked.sql,
    headers: { 'X-ClickHouse-Key': flags.key },
  }).catch((error: Error) => {
    throw new Error(
      `${address.origin} does not answer (${(error.cause as Error | undefined)?.message ?? error.message}).`,
    );
  });
  if (!answer.ok) throw new Error(reasonIn(await answer.text()));
  const rows = Readable.fromWeb(answer.body as ReadableStream);
  if (output === undefined) await pipeline(rows, process.stdout, { end: false });
  else
    await pipeline(rows, createWriteStream(output, { flags: 'wx' })).catch(async (error) => {
      await rm(output, { force: true });
      throw error;
    });
}

/** `Code: 497. DB::Exception: words (NAME)`, or a problem as JSON. */
function reasonIn(text: string): string {
  const told = /DB::Exception: ([\s\S]*?)(?: \([A-Z_]+\))?\s*$/.exec(text)?.[1];
  if (told !== undefined) return told;
  try {
    const { title, detail } = JSON.parse(text) as { title?: string; detail?: string };
    return detail ?? title ?? text;
  } catch {
    return text;
  }
}
