/**
 * Cost and margin are not everybody's. This is the one place that knows which fields and figures they are; the border of
 * the HTTP API leaves them out for whoever lacks `see-cost`, and topics, which all viewers share, never hold them.
 * What a shipment costs is not among them: planners choose routes by it.
 */
import { may, type Principal } from './abilities.ts';

export const costFields: ReadonlySet<string> = new Set([
  'unitCost',
  'standardCost',
  /** What a unit on hand is worth, where a formula asks for it. */
  'unitValue',
  'worthPerUnit',
  'expectedValue',
  'stockValue',
  'receivedValue',
  'unitMargin',
  'margin',
  'cost',
]);

/** KPIs that are nothing but cost or margin. */
export const costKpis: ReadonlySet<string> = new Set([
  'margin',
  'on-hand-value',
  'gmroi',
  'excess-value',
  'aged-value',
  'working-capital-freed',
  'return-on-investment',
]);

export const seesCost = (principal: Pick<Principal, 'role'> | null): boolean =>
  principal !== null && may(principal.role, 'see-cost');

/** The same, without every field that is a cost, at any depth: absent means "not for you", null "not known". */
export function withoutCost<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutCost) as T;
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !costFields.has(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutCost(inner)])) as T;
}

/** The parts of a formula are named in words: `unit margin` for `unitMargin`. */
export const costWords: ReadonlySet<string> = new Set(
  [...costFields].map((name) => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)),
);
