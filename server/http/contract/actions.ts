/** Actions as the API takes and tells them: what could be done, what it would change, what was done. */
import { z } from 'zod';
import { actionInputs, actionKinds } from '../../../streams/events/actions.ts';
import { page, pageQuery } from '../contract.ts';

const time = z.int(); // epoch milliseconds, UTC

/** Ids that callers choose: whoever repeats a request with the same one gets the same action. */
export const actionId = z
  .string()
  .min(8)
  .max(100)
  .regex(/^[A-Za-z0-9._-]+$/, 'may have letters, digits, dots, dashes and underscores');

const about = {
  /** The exception it is meant to help with: its number, such as `EX-17`, or `kind:subject`. */
  exception: z.string().min(1).max(460).optional(),
  note: z.string().max(2_000).optional(),
};
const asked = <More extends z.ZodRawShape>(more: More) =>
  z.discriminatedUnion(
    'kind',
    actionKinds.map((kind) =>
      z.object({ kind: z.literal(kind), input: actionInputs[kind], ...about, ...more }),
    ) as unknown as [ReturnType<typeof oneAsked<More>>],
  );
/** Only for its type: all kinds of actions look like this one. */
const oneAsked = <More extends z.ZodRawShape>(more: More) =>
  z.object({ kind: z.enum(actionKinds), input: z.record(z.string(), z.unknown()), ...about, ...more });

export const previewRequest = asked({});
export const actionRequest = asked({
  action: actionId,
  /** The `fingerprint` of a preview: if the outcome would be another one by now, nothing is done and 409 answers. */
  fingerprint: z.string().max(100).optional(),
});
export type ActionRequest = z.output<typeof actionRequest>;
export const undoRequest = z.object({
  reason: z.string().max(2_000).optional(),
  fingerprint: z.string().max(100).optional(),
});

const figure = z.object({ before: z.int(), after: z.int() });
export const actionPreview = z.object({
  /** What it does, with its numbers. */
  words: z.string(),
  /** Why it would be refused as things stand; then nothing would change. */
  refused: z.string().nullable(),
  /** The sequence of the last event that was taken into account. */
  asOf: z.int(),
  /** The same outcome has the same fingerprint. */
  fingerprint: z.string(),
  /** What changes, a sentence each, the most important first. */
  sentences: z.array(z.string()),
  stock: z.array(
    z.object({
      sku: z.string(),
      node: z.string(),
      buckets: z.array(figure.extend({ bucket: z.string() })),
      atp: figure,
    }),
  ),
  /** What each channel may promise of the SKUs concerned, where that changes. */
  channels: z.array(figure.extend({ sku: z.string(), channel: z.string() })),
  orders: z.array(
    z.object({
      order: z.string(),
      status: z.object({ before: z.string(), after: z.string() }),
      waiting: figure,
      allocated: figure,
      cancelled: figure,
    }),
  ),
  exceptions: z.array(
    z.object({
      /** `kind:subject`. */
      exception: z.string(),
      kind: z.string(),
      change: z.enum(['opens', 'closes', 'grows', 'shrinks', 'changes']),
      title: z.string(),
      moneyAtRisk: figure,
    }),
  ),
  money: z.object({
    currency: z.string(),
    /** Sum over the exceptions above, in minor units. */
    atRisk: figure,
    /** Of all stock at the nodes concerned, in minor units. */
    stockValue: figure.optional(),
  }),
  instructions: z.array(z.object({ kind: z.string(), to: z.string(), body: z.looseObject({}) })),
});
export type ActionPreview = z.infer<typeof actionPreview>;

export const actionStatuses = ['pending', 'done', 'refused', 'undone'] as const;
export const actionView = z.object({
  action: z.string(),
  kind: z.string(),
  title: z.string(),
  words: z.string(),
  input: z.looseObject({}),
  by: z.string(),
  at: time,
  exception: z.string().nullable(),
  note: z.string(),
  /** `pending` while the processor has not come to it yet. */
  status: z.enum(actionStatuses),
  /** Why it was refused, or why it could not be undone. */
  reason: z.string(),
  /** Whether this kind of action can be taken back at all, and if not, why. */
  undoable: z.boolean(),
  whyNoUndo: z.string(),
  undoneAt: time.nullable(),
  undoneBy: z.string(),
  instructions: z.array(
    z.object({ id: z.string(), kind: z.string(), to: z.string(), status: z.string(), answer: z.string() }),
  ),
});
export type ActionView = z.infer<typeof actionView>;

export const actionsQuery = pageQuery.extend({
  /** The number of an exception, or its `kind:subject`. */
  exception: z.string().max(460).optional(),
  kind: z.enum(actionKinds).optional(),
  by: z.string().max(200).optional(),
});
export const actionsPage = page(actionView);

export const actionCatalogAnswer = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      title: z.string(),
      does: z.string(),
      undoable: z.boolean(),
      whyNoUndo: z.string(),
      /** JSON Schema of its input. */
      input: z.looseObject({}),
    }),
  ),
});
