/** Actions as the browser asks for them: the catalog, what one would do, doing it, taking it back. */
import type { z } from 'zod';
import type {
  ActionPreview,
  ActionView,
  actionCatalogAnswer,
  actionsPage,
} from '../../server/http/contract/actions.ts';
import type { ExceptionRow } from '../../server/live/contract.ts';
import { request, withQuery } from '../http/request.ts';

export type CatalogEntry = z.infer<typeof actionCatalogAnswer>['items'][number];
export type ActionInput = Record<string, string | number>;
/** Something to do, with as much of its input as is known. */
export type Offer = { kind: string; input: Record<string, unknown> };

let catalog: Promise<Map<string, CatalogEntry>> | undefined;

/** Read once: it changes only with the server, and then the page is loaded anew. */
export function readCatalog(): Promise<Map<string, CatalogEntry>> {
  catalog ??= request<z.infer<typeof actionCatalogAnswer>>('GET', '/v1/actions/catalog')
    .then(({ items }) => new Map(items.map((entry) => [entry.kind, entry])))
    .catch((error: unknown) => {
      catalog = undefined;
      throw error;
    });
  return catalog;
}

/** What was suggested first, then what can be done about any SKU, order or reservation that the exception names. */
export function offersFor(row: ExceptionRow, known: ReadonlyMap<string, CatalogEntry>): Offer[] {
  const suggested = (row.suggests ?? []).map(({ action, input }) => ({ kind: action, input }));
  const seen = new Set(suggested.map(({ kind }) => kind));
  const { sku, node, order } = row;
  const about = [
    ...(sku === undefined || node === undefined
      ? []
      : ['request-count', 'transfer', 'quarantine', 'write-off', 'adjust-stock']),
    ...(order === undefined ? [] : ['hold-order', 'release-order', 'reroute-order', 'cancel-lines']),
  ];
  const others = about.filter((kind) => !seen.has(kind)).map((kind) => ({ kind, input: inputFrom(kind, row) }));
  return [...suggested, ...others].filter(({ kind }) => known.has(kind));
}

function inputFrom(kind: string, { sku, node, order }: ExceptionRow): Record<string, unknown> {
  if (kind === 'transfer') return { sku, toNode: node };
  return order !== undefined && kind.includes('order')
    ? { order }
    : kind === 'cancel-lines'
      ? { order }
      : { sku, node };
}

export type Field = {
  name: string;
  label: string;
  type: 'text' | 'number' | 'choice';
  choices: string[];
  required: boolean;
};
type Schema = { type?: string; enum?: string[]; default?: unknown; minimum?: number };

/** What a person fills in. Lists and moments are left to the defaults of the action. */
export function fieldsOf(entry: CatalogEntry): Field[] {
  const { properties = {}, required = [] } = entry.input as {
    properties?: Record<string, Schema>;
    required?: string[];
  };
  return Object.entries(properties).flatMap(([name, schema]) => {
    const type = schema.enum
      ? 'choice'
      : schema.type === 'integer'
        ? 'number'
        : schema.type === 'string'
          ? 'text'
          : null;
    if (type === null) return [];
    const label = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return [
      {
        name,
        label,
        type,
        choices: schema.enum ?? [],
        required: required.includes(name) && schema.default === undefined,
      },
    ];
  });
}

export const previewAction = (offer: Offer, exception?: string): Promise<ActionPreview> =>
  request('POST', '/v1/actions/preview', { kind: offer.kind, input: offer.input, exception });

/** @param action the same for every try of one decision, so that a lost answer does not do it twice */
export const takeAction = (
  action: string,
  offer: Offer,
  exception: string | undefined,
  fingerprint: string,
): Promise<ActionView> =>
  request('POST', '/v1/actions', { action, kind: offer.kind, input: offer.input, exception, fingerprint });

export const undoAction = (action: string): Promise<ActionView> =>
  request('POST', `/v1/actions/${encodeURIComponent(action)}/undo`, {});

export const readActionsOn = (exception: string): Promise<z.infer<typeof actionsPage>> =>
  request('GET', withQuery('/v1/actions', { exception, limit: 50 }));

/** Also where the page came over plain http, where browsers offer no random UUIDs. */
export function newActionId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `act-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
