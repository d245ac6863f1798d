/** Exceptions that stand, people who can be told, a clock, and what `whoIsTold` made of them turn by turn. */
import { DateTime } from 'luxon';
import type { AlertMessage } from '../../server/alerts/message.ts';
import type { AlertOutlet, Directory, Person } from '../../server/alerts/routing/resolve-recipients.ts';
import { type Book, type Seen, whoIsTold } from '../../server/alerts/telling/who-is-told.ts';
import { alertPolicySchemas } from '../../streams/events/alert-policies.ts';
import type { OpenException } from '../../streams/operations/states.ts';

export const zone = 'Europe/Berlin';
export const localTime = (text: string): number => DateTime.fromISO(text, { zone }).toMillis();
export const alertPolicy = (body: object) => alertPolicySchemas.alerts.parse(body);

export function exceptionOf(kind: string, subject: string, more: Partial<OpenException> = {}): OpenException {
  return {
    id: 'EX-0',
    kind,
    subject,
    title: `${kind} ${subject}`,
    detail: '',
    severity: 'high',
    since: 1_000,
    updatedAt: 1_000,
    deadline: 0,
    moneyAtRisk: 10_000,
    currency: 'EUR',
    formula: '',
    inputs: {},
    advice: 'Look at it.',
    condition: 'open',
    conditionDue: 0,
    clock: 'test',
    openedAt: 1_000,
    returns: 0,
    work: 'new',
    version: 0,
    owner: 'inventory planner',
    comments: [],
    ...more,
  };
}

export const person = (name: string, role: Person['role'] = 'planner'): Person => ({
  email: `${name}@example.com`,
  name,
  role,
  disabled: false,
});
export const outlet = (id: string, more: Partial<AlertOutlet> = {}): AlertOutlet => ({
  id,
  name: id,
  on: true,
  hearsAcknowledgement: false,
  ...more,
});
export function directoryOf(people: Person[], channels: AlertOutlet[] = [], mail = true): Directory {
  return {
    people: new Map(people.map((one) => [one.email, one])),
    channels: new Map(channels.map((one) => [one.id, one])),
    mail,
  };
}

export type Message = { at: number; target: string; exceptions: string[] } & AlertMessage;

export function alertWorld(options: { policy: object; directory?: Directory; at?: string }) {
  const standing = new Map<string, OpenException>();
  let last = 0;
  const world = {
    now: localTime(options.at ?? '2026-03-02T10:00'),
    policy: alertPolicy({ settleMinutes: 0, ...options.policy }),
    directory: options.directory ?? directoryOf([person('pia'), person('ada', 'admin')], [outlet('ops')]),
    queued: new Map<string, number>(),
    book: { alerts: new Map(), sent: new Map(), seq: 0 } as Book,
    standing,
    messages: [] as Message[],
    open(kind: string, subject: string, more: Partial<OpenException> = {}): string {
      last += 1;
      standing.set(
        `${kind}:${subject}`,
        exceptionOf(kind, subject, { id: `EX-${last}`, since: world.now, openedAt: world.now, ...more }),
      );
      return `${kind}:${subject}`;
    },
    change(name: string, more: Partial<OpenException>): void {
      standing.set(name, { ...standing.get(name)!, ...more });
    },
    close: (name: string) => void standing.delete(name),
    seen(): Seen {
      return {
        now: world.now,
        standing,
        policy: world.policy,
        directory: world.directory,
        workspace: { name: 'Nordlicht', timeZone: zone, currency: 'EUR' },
        urlOf: (number) => `https://ops.example.com/exceptions?ex=${number}`,
        queued: world.queued,
        idOf: (seq) => `t-${seq}`,
      };
    },
    /** @returns what is told now, as `target kind number` */
    turn(minutes = 0): string[] {
      world.now += minutes * 60_000;
      const { book, messages } = whoIsTold(world.book, world.seen());
      world.book = book;
      world.messages.push(
        ...messages.map(({ target, message, exceptions }) => ({ ...message, at: world.now, target, exceptions })),
      );
      return messages.map(({ target, message: { kind }, exceptions }) => `${target} ${kind} ${exceptions.join(' ')}`);
    },
    /** Passes the time in steps. @returns all that is told meanwhile */
    pass(minutes: number, step = 1): string[] {
      const told: string[] = [];
      for (let gone = 0; gone < minutes; gone += step) told.push(...world.turn(step));
      return told;
    },
    alert: (key: string) => world.book.alerts.get(key),
  };
  return world;
}
export type AlertWorld = ReturnType<typeof alertWorld>;
