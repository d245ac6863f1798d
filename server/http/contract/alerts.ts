/** Who was told of what and who will be: alerts that stand, what was delivered, and who would be told now and why. */
import { z } from 'zod';
import { alertPolicySchemas } from '../../../streams/events/alert-policies.ts';
import { exceptionAreas, severities } from '../../../streams/events/exception-words.ts';
import { page, pageQuery } from '../contract.ts';

const time = z.int(); // epoch milliseconds, UTC
const severity = z.enum(severities);

/**
 * Whom a message goes to: `channel:<id>` or `person:<e-mail>`. Roles and owners of the policy are taken apart into these
 * before anything is sent, so that nobody is told the same thing twice.
 */
const target = z.string();

/**
 * How an alert stands. `told`: somebody was told and nobody acts yet. `attended`: somebody has acknowledged it. `held`: quiet
 * hours. `collected`: it waits for the next digest, or until a receiver that does not answer has taken what it was sent
 * before. `asleep`: snoozed. `beneath`: another exception explains it. `unreachable`: there is nobody who could be told.
 * `ended`: it is over, and somebody is still to hear of that.
 */
export const alertStates = [
  'told',
  'attended',
  'held',
  'collected',
  'asleep',
  'beneath',
  'unreachable',
  'ended',
] as const;
export type AlertState = (typeof alertStates)[number];

/** What a message says of an exception; a digest says one of these of each. */
export const itemKinds = ['opened', 'worse', 'still', 'acknowledged', 'ended'] as const;
export const deliveryKinds = [...itemKinds, 'digest'] as const;

export const alert = z.object({
  /** The cause that it is about, as `kind:subject`. There is one alert of it at a time. */
  key: z.string(),
  /** The exception that stands for all: the cause itself, else the worst. */
  number: z.string(),
  title: z.string(),
  severity,
  /** Of all that it stands for, in minor units. */
  moneyAtRisk: z.int(),
  currency: z.string(),
  owner: z.string(),
  since: time,
  /** How many exceptions it stands for, and how many more stand beneath them as doubtful. */
  exceptions: z.int(),
  beneath: z.int(),
  /** The route of the policy that holds for it. */
  route: z.string(),
  state: z.enum(alertStates),
  /** Who was told, by the newest message to each. */
  told: z.array(
    z.object({ target, at: time, kind: z.enum(itemKinds), severity, moneyAtRisk: z.int(), delivery: z.string() }),
  ),
  /** Who is still to be told, from when on (0: as soon as it takes anything again) and why not yet. */
  waiting: z.array(z.object({ target, kind: z.enum(itemKinds), from: time, why: z.string() })),
  /** Recipients of the policy that stand for nobody who could be told, and why. */
  unreachable: z.array(z.object({ recipient: z.string(), why: z.string() })),
  /** Who is told next unless somebody acts; null: nobody. */
  escalates: z.object({ at: time, to: z.array(z.string()) }).nullable(),
});
export type Alert = z.output<typeof alert>;

export const alertsQuery = pageQuery.extend({
  state: z.enum(alertStates).optional(),
  target: z.string().max(320).optional(),
});
export const alertsAnswer = page(alert).extend({
  /** Whether the policy `alerts` is on. */
  on: z.boolean(),
  /** When the alerts were last looked at; 0: never. While this is old, nobody is told of anything. */
  lookedAt: time,
  /** How many stand, by state. */
  counts: z.record(z.enum(alertStates), z.int()),
  /** What else keeps messages from leaving or arriving, in sentences. */
  problems: z.array(z.string()),
  /** Targets whose newest message has not been taken yet. */
  failing: z.array(z.object({ target, since: time, waiting: z.int(), nextAttemptAt: time, problem: z.string() })),
});
export type AlertsAnswer = z.output<typeof alertsAnswer>;

// --- What was sent
export const deliveryStates = ['waiting', 'delivered', 'failed'] as const;
export const delivery = z.object({
  /** The same for every try; receivers see it too. */
  id: z.string(),
  target,
  kind: z.enum(deliveryKinds),
  /** When it was decided. */
  at: time,
  title: z.string(),
  /** Why it came then: `after the quiet hours`, `nobody has acted for 30 minutes`. */
  note: z.string(),
  /** The exceptions it names, as `EX-17`; a digest may be about more. */
  exceptions: z.array(z.string()),
  count: z.int(),
  severity,
  /** `waiting`: it was not taken yet. `failed`: it was refused for good, or for longer than is tried. */
  state: z.enum(deliveryStates),
  attempts: z.int(),
  nextAttemptAt: time.nullable(),
  endedAt: time.nullable(),
  /** The newest tries, oldest first: what the receiver answered, or what went wrong. */
  tries: z.array(z.object({ at: time, tookMs: z.int(), words: z.string(), delivered: z.boolean() })),
  /** What the receiver calls it. */
  reference: z.string(),
});
export type Delivery = z.output<typeof delivery>;

export const deliveriesQuery = pageQuery.extend({
  state: z.enum(deliveryStates).optional(),
  target: z.string().max(320).optional(),
  /** The number of an exception. */
  exception: z.string().max(40).optional(),
  kind: z.enum(deliveryKinds).optional(),
  from: z.coerce.number().int().optional(),
});
/** Newest first. */
export const deliveriesPage = page(delivery);
export type DeliveriesPage = z.output<typeof deliveriesPage>;

// --- Who would be told
const example = z.object({
  kind: z.string().min(1).max(60),
  severity: severity.default('high'),
  moneyAtRisk: z.int().min(0).default(0),
  owner: z.string().max(200).optional(),
  node: z.string().max(200).optional(),
  channel: z.string().max(200).optional(),
  assignee: z.string().max(320).optional(),
});
export const alertPreviewRequest = z
  .object({
    /** Its number or `kind:subject`; or what one might be like. */
    exception: z.string().min(1).max(460).optional(),
    example: example.optional(),
    /** When; now, if left out. */
    at: time.min(0).max(8.64e15).optional(),
    /** A policy `alerts` that is not saved yet; what holds now, if left out. */
    policy: alertPolicySchemas.alerts.optional(),
  })
  .refine(({ exception: one, example: other }) => (one === undefined) !== (other === undefined), {
    message: 'must name either an exception or an example',
  });
export type AlertPreviewRequest = z.output<typeof alertPreviewRequest>;

const told = z.object({
  /** As the policy says it, and whom it stands for. */
  recipient: z.string(),
  target,
  /** The name of the person or channel. */
  name: z.string(),
  /** `now`, `later` (from `from` on), `knows` (was told before, or did it), `attended` (somebody acts, others are left alone). */
  when: z.enum(['now', 'later', 'knows', 'attended']),
  from: time,
  why: z.string(),
});
export const alertPreview = z.object({
  /** The number of the exception; empty for an example. */
  number: z.string(),
  title: z.string(),
  area: z.enum(exceptionAreas).nullable(),
  severity,
  moneyAtRisk: z.int(),
  currency: z.string(),
  owner: z.string(),
  /** Why nobody is told, whatever the routes say: pending, snoozed, beneath another one, alerts are off; null otherwise. */
  silent: z.string().nullable(),
  /** What it is told together with: the cause, and how many exceptions one message stands for. */
  cause: z.object({ key: z.string(), exceptions: z.int() }).nullable(),
  /** Null: no route fits, and nobody is told. */
  route: z.string().nullable(),
  /** Why each route before it does not fit. */
  passed: z.array(z.object({ route: z.string(), why: z.string() })),
  quietHours: z.object({ name: z.string(), until: time, broken: z.string().nullable() }).nullable(),
  told: z.array(told),
  unreachable: z.array(z.object({ recipient: z.string(), why: z.string() })),
  /** Who is told as well when nobody acts. */
  escalations: z.array(
    z.object({
      afterMinutes: z.int(),
      told: z.array(told),
      unreachable: z.array(z.object({ recipient: z.string(), why: z.string() })),
    }),
  ),
  tellEnd: z.boolean(),
});
export type AlertPreview = z.output<typeof alertPreview>;
