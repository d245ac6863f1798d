/** Who is told of what, when and how; and how eager the detectors are. */
import { z } from 'zod';
import { exceptionAreas, severities } from './exception-words.ts';
import { id, localTime, money, text, timeZone } from './fields.ts';

/**
 * `channel:<id>` a configured channel; `person:<e-mail>` by mail; `role:<role>` everybody of a role by mail; `owner` whoever
 * has it: the assignee, else the channels and people that `owners` names for its owner.
 */
export const recipient = z
  .string()
  .max(320)
  .regex(/^(owner|channel:[A-Za-z0-9_-]{1,60}|person:[^\s@]+@[^\s@]+|role:(executive|planner|analyst|admin))$/, {
    message: 'must be owner, channel:<id>, person:<e-mail> or role:<role>',
  });
const recipients = z.array(recipient).max(20);
const severity = z.enum(severities);
const minutes = z.int().min(1).max(10_080);

/** Everything that is named must fit; what is left out fits always. */
const matching = z.object({
  areas: z.array(z.enum(exceptionAreas)).optional(),
  kinds: z.array(text).max(100).optional(),
  nodes: z.array(id).max(100).optional(),
  channels: z.array(id).max(100).optional(),
  owners: z.array(text).max(100).optional(),
  severityAtLeast: severity.optional(),
  moneyFrom: money.optional(),
});
export type AlertMatching = z.output<typeof matching>;

const route = z.object({
  name: text.min(1),
  when: matching.default({}),
  /** Nobody: it is shown and tells nobody. */
  to: recipients.default([]),
  /** Told as well when nobody has acknowledged it that long after it was first told. */
  escalate: z
    .array(z.object({ afterMinutes: minutes, to: recipients.min(1) }))
    .max(5)
    .default([]),
  quietHours: text.optional(),
  /** Whether its end is told to those who were told of it. */
  tellEnd: z.boolean().default(true),
});
export type AlertRoute = z.output<typeof route>;

const quietHours = z.object({
  name: text.min(1),
  /** ISO weekdays on which the quiet begins, Monday is 1. */
  days: z.array(z.int().min(1).max(7)).min(1).default([1, 2, 3, 4, 5, 6, 7]),
  from: localTime,
  to: localTime,
  timeZone: timeZone.optional(),
  /** What is this bad, or costs this much, is told at once all the same. */
  exceptSeverity: severity.default('critical'),
  exceptMoneyFrom: money.optional(),
});
export type QuietHours = z.output<typeof quietHours>;

/** What holds until somebody decides otherwise: what is bad is told to those who take care of it, at night only the worst. */
const presetRoutes: z.input<typeof route>[] = [
  {
    name: 'critical',
    when: { severityAtLeast: 'critical' },
    to: ['owner'],
    escalate: [{ afterMinutes: 30, to: ['role:admin'] }],
    quietHours: 'nights',
  },
  { name: 'high', when: { severityAtLeast: 'high' }, to: ['owner'], quietHours: 'nights' },
];
const presetQuietHours: z.input<typeof quietHours>[] = [{ name: 'nights', from: '20:00', to: '07:00' }];

export const alertPolicySchemas = {
  /** The first route that fits holds. What was held back in quiet hours is told when they end, as one message. */
  alerts: z.object({
    on: z.boolean().default(true),
    routes: z.array(route).max(100).prefault(presetRoutes),
    quietHours: z.array(quietHours).max(20).prefault(presetQuietHours),
    /**
     * Whom `owner` means, by the name of the owner: `inventory planner: [channel:inventory]`. Without an entry it means all
     * planners, and where there are none, all admins.
     */
    owners: z.record(z.string().max(200), recipients).default({}),
    /** More than this many for one recipient within the window become one message with the list. */
    digest: z
      .object({ moreThan: z.int().min(1).max(1_000).default(5), withinMinutes: minutes.default(30) })
      .prefault({}),
    /** It is told once it has stood for so long: what is over by then is told to nobody. */
    settleMinutes: z.number().min(0).max(60).default(1),
    /** Who was told is told again only when it is worse by this much, or after it had ended. */
    againWhenWorsePercent: z.number().min(0).max(10_000).default(50),
  }),
  /** How surprising a series must be before it is told of, by KPI or by series (`orders`, `orders/channel=web`). */
  signals: z.object({
    /** Pages a week that one series may cost, about. */
    alarmsPerSeriesAndWeek: z.number().min(0.01).max(50).default(0.2),
    series: z
      .record(
        z.string().max(300),
        z.object({ off: z.boolean().default(false), scoreAtLeast: z.number().min(0).max(1).optional() }),
      )
      .default({}),
  }),
} as const satisfies Record<string, z.ZodObject>;
