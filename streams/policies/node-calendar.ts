/**
 * A node's calendar: its working days, hours and cut-offs as instants. Local time is turned into instants here and
 * nowhere else, so that a change of clocks, a holiday or a shift past midnight is somebody's rule in one place only.
 */
import { instantOfLocal, localDayOf } from '../operations/time-zone.ts';

export type NodeCalendar = {
  timeZone: string;
  /** `HH:MM`, node-local. An order that comes exactly then is in time. */
  cutOff: string;
  /** ISO weekdays, 1 = Monday. */
  workdays: readonly number[];
  holidays?: readonly string[] | undefined;
  extraWorkdays?: readonly string[] | undefined;
  opensAt?: string | undefined;
  closesAt?: string | undefined;
  active: boolean;
};

/** One working day, in epoch ms. Work goes on at least until the cut-off. */
export type WorkingDay = { opensAt: number; closesAt: number; cutOff: number };

const OPENS_AT = '08:00';
const CLOSES_AT = '18:00';
const DAY_MS = 86_400_000;
const DAY_MINUTES = 24 * 60;
/** A calendar without a working day in this many days counts as one that never works. */
export const CALENDAR_DAYS_MAX = 400;
const DAYS_KEPT_MAX = 500;

/** Days worked out before, per calendar: the same object is asked for every order. */
const known = new WeakMap<NodeCalendar, Map<number, WorkingDay | null>>();

/** The working day of a node-local date (days since 1970-01-01), null when nobody works that day. */
export function workingDay(node: NodeCalendar, day: number): WorkingDay | null {
  const days = known.get(node) ?? new Map<number, WorkingDay | null>();
  if (days.size === 0) known.set(node, days);
  const found = days.get(day);
  if (found !== undefined) return found;
  if (days.size >= DAYS_KEPT_MAX) days.clear();
  const made = isWorkday(node, day) ? workingDayOf(node, day) : null;
  days.set(day, made);
  return made;
}

function isWorkday(node: NodeCalendar, day: number): boolean {
  if (!node.active) return false;
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
  if (node.extraWorkdays?.includes(date)) return true;
  // 1970-01-01 was a Thursday.
  return node.workdays.includes(((((day + 3) % 7) + 7) % 7) + 1) && !node.holidays?.includes(date);
}

function workingDayOf(node: NodeCalendar, day: number): WorkingDay {
  const opens = minutesOf(node.opensAt ?? OPENS_AT);
  const closes = minutesOf(node.closesAt ?? CLOSES_AT);
  const cutOff = instantOfLocal(node.timeZone, day, minutesOf(node.cutOff));
  const closesAt = instantOfLocal(node.timeZone, day, closes <= opens ? closes + DAY_MINUTES : closes);
  const opensAt = instantOfLocal(node.timeZone, day, opens);
  return { opensAt: Math.min(opensAt, cutOff), closesAt: Math.max(closesAt, cutOff), cutOff };
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** Whether somebody works there at this instant. */
export function isOpen(node: NodeCalendar, at: number): boolean {
  const today = localDayOf(node.timeZone, at);
  // A night shift belongs to the day on which it began.
  return [today - 1, today].some((day) => {
    const work = workingDay(node, day);
    return work !== null && work.opensAt <= at && at < work.closesAt;
  });
}

/** The end of the working day that goes on at this instant, else of the next one; null when the node never works. */
export function endOfWork(node: NodeCalendar, at: number): number | null {
  return dayNotOver(node, at)?.closesAt ?? null;
}

/** The beginning of the next working day, or this instant while one goes on; null when the node never works. */
export function nextOpening(node: NodeCalendar, at: number): number | null {
  const work = dayNotOver(node, at);
  return work === null ? null : Math.max(at, work.opensAt);
}

function dayNotOver(node: NodeCalendar, at: number): WorkingDay | null {
  const today = localDayOf(node.timeZone, at);
  for (let day = today - 1; day <= today + CALENDAR_DAYS_MAX; day++) {
    const work = workingDay(node, day);
    if (work !== null && work.closesAt > at) return work;
  }
  return null;
}

/** The first cut-off at or after this instant: when an order that comes now leaves. Null when the node never ships. */
export function nextCutOff(node: NodeCalendar, at: number): number | null {
  const today = localDayOf(node.timeZone, at);
  for (let day = today; day <= today + CALENDAR_DAYS_MAX; day++) {
    const work = workingDay(node, day);
    if (work !== null && work.cutOff >= at) return work.cutOff;
  }
  return null;
}

/** The last cut-off at or before this instant: by when an order must be released to leave by then. */
export function lastCutOff(node: NodeCalendar, at: number): number | null {
  const today = localDayOf(node.timeZone, at);
  for (let day = today; day >= today - CALENDAR_DAYS_MAX; day--) {
    const work = workingDay(node, day);
    if (work !== null && work.cutOff <= at) return work.cutOff;
  }
  return null;
}

/** The hours worked between two instants, in ms; what lies beyond the calendar's bound is not counted. */
export function openMsBetween(node: NodeCalendar, from: number, to: number): number {
  if (to <= from) return 0;
  const first = localDayOf(node.timeZone, from) - 1;
  const last = Math.min(localDayOf(node.timeZone, to), first + CALENDAR_DAYS_MAX);
  let sum = 0;
  let counted = from;
  for (let day = first; day <= last; day++) {
    const work = workingDay(node, day);
    if (work === null) continue;
    // A night shift may reach into the next day's hours: no minute counts twice.
    const begin = Math.max(work.opensAt, counted);
    const end = Math.min(work.closesAt, to);
    if (end <= begin) continue;
    sum += end - begin;
    counted = end;
  }
  return sum;
}

/** The last collection by a carrier that a node's next cut-off still reaches, at or after this instant. */
export function nextPickup(node: NodeCalendar, pickup: string | undefined, at: number): number | null {
  if (pickup === undefined || pickup >= node.cutOff) return nextCutOff(node, at);
  const today = localDayOf(node.timeZone, at);
  for (let day = today; day <= today + CALENDAR_DAYS_MAX; day++) {
    if (workingDay(node, day) === null) continue;
    const collected = instantOfLocal(node.timeZone, day, minutesOf(pickup));
    if (collected >= at) return collected;
  }
  return null;
}
