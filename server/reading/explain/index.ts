/** Explains a number by its name: what it is made of, by which rules, and from which events. */
import type { z } from 'zod';
import type { Explanation, explainQuery } from '../../http/contract/explain.ts';
import { explainAtp } from './available.ts';
import { explainBucket } from './bucket.ts';
import { explainConfidenceOf } from './confidence.ts';
import { explainDefinition, isDefined } from './definition.ts';
import { explainException } from './exception.ts';
import { explainInbound } from './inbound.ts';
import { explainPromise } from './promise.ts';
import type { EventsAsked, ExplainDeps } from './told.ts';
import { explainWaiting } from './waiting.ts';

type Explainer = (deps: ExplainDeps, id: string, asked: EventsAsked) => Promise<Explanation | null>;

const explainers: Record<string, Explainer> = {
  bucket: explainBucket,
  atp: explainAtp,
  promise: explainPromise,
  exception: explainException,
  confidence: explainConfidenceOf,
  waiting: explainWaiting,
  inbound: explainInbound,
};

/** @returns null when there is no such number */
export async function explain(
  deps: ExplainDeps,
  { number, cursor, limit }: z.output<typeof explainQuery>,
): Promise<Explanation | null> {
  const cut = number.indexOf(':');
  const [kind, id] = [number.slice(0, cut), number.slice(cut + 1)];
  const asked = { before: cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor), limit };
  if (isDefined(kind)) return explainDefinition(deps, kind, id, asked);
  const explainer = Object.hasOwn(explainers, kind) ? explainers[kind] : undefined;
  return explainer === undefined ? null : explainer(deps, id, asked);
}
