/** Actions: what people decided to do, and taking it back. What an action consists of is worked out when it is applied. */
import { z } from 'zod';
import { bucket, id, instant, quantity, signedQuantity, text } from './fields.ts';
import { dispositions } from './returns.ts';

export const ACTION_LINES_MAX = 200;
const reason = text.min(1);
const hold = z.enum(['fraud', 'payment', 'address', 'other']);

/** What each kind of action needs to know. */
export const actionInputs = {
  /** Without `fromNode`, the node that can spare most sends. */
  transfer: z.object({
    sku: id,
    fromNode: id.optional(),
    toNode: id,
    quantity,
    expectedAt: instant.optional(),
    reason: text.optional(),
  }),
  quarantine: z.object({ sku: id, node: id, quantity, reason }),
  'release-quarantine': z.object({ sku: id, node: id, quantity, reason }),
  'write-off': z.object({
    sku: id,
    node: id,
    quantity,
    from: z.enum(['sellable', 'quarantined', 'damaged', 'return-pending']).default('sellable'),
    reason,
  }),
  'adjust-stock': z.object({
    sku: id,
    node: id,
    bucket: bucket.default('sellable'),
    quantity: signedQuantity.refine((value) => value !== 0, 'must not be zero'),
    reason,
  }),
  'hold-order': z.object({ order: id, hold: hold.default('other'), reason }),
  'release-order': z.object({ order: id, hold: hold.optional() }),
  'cancel-lines': z.object({
    order: id,
    reason: z.enum(['customer', 'fraud', 'stock', 'fulfilment', 'other']),
    lines: z
      .array(z.object({ line: id, quantity }))
      .min(1)
      .max(ACTION_LINES_MAX)
      .optional(),
  }),
  reallocate: z.object({ sku: id, node: id, fromOrder: id, toOrder: id, quantity }),
  'release-reservation': z.object({ reservation: id, quantity: quantity.optional(), reason: text.optional() }),
  'release-leak': z.object({ sku: id, node: id, reason: text.optional() }),
  'request-count': z.object({ sku: id, node: id, reason: text.optional() }),
  /** Without `fromNode`, what is reserved at any other node or waits. */
  'reroute-order': z.object({
    order: id,
    toNode: id,
    fromNode: id.optional(),
    lines: z
      .array(z.object({ line: id, quantity: quantity.optional() }))
      .min(1)
      .max(ACTION_LINES_MAX)
      .optional(),
    reason,
  }),
  /** Approves the newest proposal for an impaired node. */
  reroute: z.object({ node: id, impairment: id }),
  'approve-reroute': z.object({ reroute: id }),
  'reject-reroute': z.object({ reroute: id, reason }),
  /** Without lines, all units that wait; without `to`, where the disposition policy says. */
  'judge-return': z.object({
    return: id,
    node: id,
    to: z.enum(dispositions).optional(),
    lines: z
      .array(z.object({ sku: id, quantity, to: z.enum(dispositions), lot: id.optional() }))
      .min(1)
      .max(ACTION_LINES_MAX)
      .optional(),
  }),
  'approve-snapshot': z.object({ snapshot: id, reason }),
  'reject-snapshot': z.object({ snapshot: id, reason }),
} as const satisfies Record<string, z.ZodObject>;

export type ActionKind = keyof typeof actionInputs;
export type ActionInput<K extends ActionKind = ActionKind> = z.output<(typeof actionInputs)[K]>;
export const actionKinds = Object.keys(actionInputs) as [ActionKind, ...ActionKind[]];

/** What an exception suggests: what is known of the input; a person adds the rest. */
export type Suggestion = {
  [K in ActionKind]: { action: K; input: Partial<z.input<(typeof actionInputs)[K]>> };
}[ActionKind];

/** An action as somebody asks for it: its kind, and an input that fits. */
export type AskedAction = { [K in ActionKind]: { kind: K; input: ActionInput<K> } }[ActionKind];

/** Problems of the input are told where they stand: `input.quantity`. */
export function checkInput(asked: { kind: ActionKind; input: unknown }, context: z.RefinementCtx): AskedAction {
  const parsed = actionInputs[asked.kind].safeParse(asked.input);
  if (parsed.success) return { kind: asked.kind, input: parsed.data } as AskedAction;
  for (const issue of parsed.error.issues) {
    context.addIssue({ code: 'custom', message: issue.message, path: ['input', ...issue.path] });
  }
  return z.NEVER;
}

const taken = z.object({
  /** Chosen by whoever asks: the same action asked for twice is taken once. */
  action: id,
  kind: z.enum(actionKinds),
  by: text,
  /** The exception it is meant to help with, as `kind:subject`. */
  exception: z.string().min(1).max(460).optional(),
  /** The number of that exception when it was looked at, such as `EX-17`. */
  exceptionNumber: text.optional(),
  note: text.optional(),
  /** What it is about in the first place, so that histories of orders and SKUs show it. */
  order: id.optional(),
  sku: id.optional(),
  /** What this kind of action needs to know. */
  input: z.looseObject({}),
});

export const actionEvents = {
  /** Units that one order has reserved go to another that waits for them. */
  'order.reallocated': z.object({ order: id, fromOrder: id, sku: id, node: id, quantity }),
  /** A person decided something. All of its consequences happen with this event, or none do. */
  'action.taken': taken.transform((value, context) => ({ ...value, ...checkInput(value, context) })),
  /** The action is taken back as far as the world allows; refused, with the reason, where it does not. */
  'action.undone': z.object({
    action: id,
    by: text,
    reason: text.optional(),
    order: id.optional(),
    sku: id.optional(),
  }),
};
