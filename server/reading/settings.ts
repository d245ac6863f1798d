/** Settings as they hold, page by page, and how each came to be. */
import type { z } from 'zod';
import {
  type DefinitionView,
  type definitionsPage,
  type definitionsQuery,
  type SettingsPart,
  settingsParts,
  type VersionsAnswer,
} from '../http/contract/settings.ts';
import type { Runtime } from '../runtime.ts';
import { readDefinitions } from '../settings/current.ts';
import { askHistory } from './ask-history.ts';

export async function readDefinitionsPage(
  runtime: Runtime,
  part: SettingsPart,
  { q, cursor = '', limit }: z.output<typeof definitionsQuery>,
): Promise<z.output<typeof definitionsPage>> {
  const wanted = q?.toLowerCase();
  const found = (await readDefinitions(runtime, part)).filter(
    (view) => view.id > cursor && (wanted === undefined || matches(view, wanted)),
  );
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? items.at(-1)!.id : null };
}

const matches = ({ id, definition }: DefinitionView, wanted: string): boolean =>
  id.toLowerCase().includes(wanted) || ((definition as { name?: string }).name ?? '').toLowerCase().includes(wanted);

/** @param thing `policies:allocation`, `nodes:BER-1`, `items:MUG-1`, `workspace` */
export async function readVersions(runtime: Runtime, thing: string, limit: number): Promise<VersionsAnswer> {
  const cut = thing.indexOf(':');
  const part = cut < 0 ? thing : thing.slice(0, cut);
  // History knows items by their SKU, like everything else that speaks of one.
  const subject = part === 'items' ? thing.slice(cut + 1) : thing;
  const rows = await askHistory(runtime)('queries/settings-versions', { subject, type: typeOf(part), limit });
  return { items: rows.map(versionRow) };
}

function typeOf(part: string): string {
  if (part === 'policies') return 'policy.defined';
  return part === 'workspace' ? 'workspace.configured' : settingsParts[part as SettingsPart].event;
}

function versionRow(row: Record<string, unknown>): VersionsAnswer['items'][number] {
  const { by, ...definition } = JSON.parse(String(row['data'])) as { by?: string };
  return {
    seq: Number(row['seq']),
    occurredAt: Number(row['occurredAt']),
    receivedAt: Number(row['receivedAt']),
    source: String(row['source']),
    by: by ?? null,
    definition,
  };
}
