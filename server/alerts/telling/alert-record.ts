/** What is kept of an alert: what it is about, who was told of it, and how it stands. Times are epoch ms. */
import type { Severity } from '../../../streams/events/exception-words.ts';
import type { Alert } from '../../http/contract/alerts.ts';
import type { ItemKind, MessageItem } from '../message.ts';
import type { Target } from '../routing/resolve-recipients.ts';

/** What somebody was told last. */
export type Told = {
  at: number;
  kind: ItemKind;
  severity: Severity;
  moneyAtRisk: number;
  /** The message; empty: they knew it without one, because they did it themselves or were told of its parts. */
  delivery: string;
  /** Whether they know that somebody is at it. */
  attended: boolean;
  /** What they were told of is over, and they are still to hear that it came again. */
  again?: true;
};

export type AlertRecord = {
  key: string;
  /** As it was seen last, so that its end can be told when it is gone. */
  item: MessageItem;
  currency: string;
  moneyAtRisk: number;
  /** Numbers of the exceptions that those who were told know of, at most MEMBERS_KEPT_MAX. */
  members: string[];
  exceptions: number;
  beneath: number;
  /** Of the members, those that are snoozed. */
  asleep: string[];
  /** Of those, whose snooze is over: told until everybody knows. */
  woken: Target[];
  route: string;
  tellEnd: boolean;
  /** The name of the quiet hours of its route; empty: none. */
  quietHours: string;
  /** Since when somebody should be told. */
  wantedAt: number;
  /** What escalation counts from: the first message, or the moment it called again; 0: nobody has been told yet. */
  begunAt: number;
  told: Record<Target, Told>;
  /** Those for whom quiet hours held something back: what was held is told as one. */
  held: Target[];
  attendedBy: string;
  /** 0: it stands. */
  endedAt: number;
  endNote: string;
  /** For those who look. */
  state: Alert['state'];
  waiting: Alert['waiting'];
  unreachable: Alert['unreachable'];
  escalates: Alert['escalates'];
};

/** What leaves or joins a group beyond these is not noticed one by one. */
export const MEMBERS_KEPT_MAX = 1_000;
/** Alerts that stand at once; the worst come first, the others when there is room. */
export const ALERTS_MAX = 5_000;
