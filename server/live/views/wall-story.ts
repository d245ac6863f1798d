/** Orders to ship over the day against the pace that still makes the next cut-off. */

import type { Filter } from '../../../analytics/kpis/index.ts';
import { HOUR_MS, MINUTE_MS } from '../../../streams/operations/buckets.ts';
import type { Wave } from '../../../streams/operations/states.ts';
import { offsetAt } from '../../../streams/operations/time-zone.ts';
import type { NodeCard, ShipStory } from '../contract.ts';
import { measuredBetween, measuredPerStep, sumIn } from '../figures.ts';
import type { Mirror } from '../mirror.ts';

const STEP_MS = 15 * MINUTE_MS;
const WEEK_MS = 7 * 24 * HOUR_MS;
const LOOK_BACK_MS = 2 * HOUR_MS;
const AFTER_CUT_OFF_MS = 2 * HOUR_MS;
/** The next cut-off is looked for within this time. */
const CUT_OFF_WITHIN_MS = 36 * HOUR_MS;
/** Pace is what was closed within this time. */
const PACE_OVER_MS = HOUR_MS;
const PACE_LATELY_MS = 15 * MINUTE_MS;
/** A node works towards a cut-off during these hours before it. */
const WORKING_BEFORE_MS = 9 * HOUR_MS;
/** Share of the open orders past their promise from which a node is critical. */
const LATE_SHARE_CRITICAL = 0.02;
/** A node that clears this close before its cut-off has no slack left. */
const SLACK_MS = 30 * MINUTE_MS;
/** Clocks are told in steps: what nobody could see on a wall is not sent to all of them. */
const TOLD_EVERY_MS = 10_000;

const thousandths = (share: number): number => Math.round(share * 1_000) / 1_000;

/** Orders closed per minute: over the last hour, or lately when work has only just begun. */
export function paceOf(mirror: Mirror, now: number, scope: Filter): number {
  const over = (lengthMs: number) => {
    const measured = measuredBetween(mirror, now - lengthMs, now, scope);
    return sumIn(measured, 'orders.completed') / (lengthMs / MINUTE_MS);
  };
  return Math.max(over(PACE_OVER_MS), over(PACE_LATELY_MS));
}

const openWaves = (mirror: Mirror): Wave[] => [...mirror.states.wave.values()].filter((wave) => wave.orders > 0);

/** Of a wave, the orders of one channel; of another node, none. */
const ordersIn = ({ node, orders, channels }: Wave, scope: Filter): number => {
  if (scope.node !== undefined && scope.node !== node) return 0;
  return scope.channel === undefined ? orders : (channels[scope.channel] ?? 0);
};

const fits = (backlog: { node: string; channel: string }, scope: Filter): boolean =>
  (scope.node === undefined || scope.node === backlog.node) &&
  (scope.channel === undefined || scope.channel === backlog.channel);

/** @param scope one node or one channel; of everything unless said */
export function shipStory(mirror: Mirror, scope: Filter = {}): ShipStory {
  const now = Math.floor(mirror.businessNow() / TOLD_EVERY_MS) * TOLD_EVERY_MS;
  const { timeZone } = mirror.workspace();
  const toShip = [...mirror.states.backlog.values()]
    .filter((backlog) => fits(backlog, scope))
    .reduce((sum, backlog) => sum + backlog.orders, 0);
  const waves = openWaves(mirror).filter((wave) => ordersIn(wave, scope) > 0);
  const next = waves.filter((wave) => wave.shipBy > now && wave.shipBy < now + CUT_OFF_WITHIN_MS);
  const cutOff = next.length === 0 ? null : Math.min(...next.map((wave) => wave.shipBy));
  const from = Math.floor(Math.min(now - LOOK_BACK_MS, (cutOff ?? now) - 10 * HOUR_MS) / HOUR_MS) * HOUR_MS;
  const to = Math.ceil(((cutOff ?? now + 4 * HOUR_MS) + AFTER_CUT_OFF_MS) / HOUR_MS) * HOUR_MS;
  const due = waves.reduce(
    (sum, wave) => (cutOff !== null && wave.shipBy <= cutOff ? sum + ordersIn(wave, scope) : sum),
    0,
  );
  const minutesLeft = cutOff === null ? 0 : (cutOff - now) / MINUTE_MS;
  const expected = cutOff === null ? 0 : expectedToClose(mirror, now, minutesLeft, scope);
  const late = cutOff === null ? null : Math.round(due - Math.min(due, expected));
  return {
    toShip,
    from,
    to,
    stepMs: STEP_MS,
    actual: openBefore(mirror, toShip, now, { from, to: now }, scope),
    lastWeek: openBefore(mirror, toShip, now, { from: from - WEEK_MS, to: to - WEEK_MS }, scope),
    needed:
      cutOff === null
        ? []
        : [
            [now, toShip],
            [cutOff, toShip - due],
          ],
    forecast: cutOff === null ? [] : forecastOf({ now, cutOff, to }, toShip, due, expected),
    cutOff,
    cutOffLabel: cutOff === null ? 'no cut-off ahead' : `${clockAt(timeZone, cutOff)} cutoff`,
    lateAtCutOff: late,
  };
}

/**
 * What is due falls evenly and is through when that pace is through with it: ahead of the cut-off or after it.
 * @param expected orders closed by the cut-off at that pace; Infinity when nothing tells, and what is due is taken to be done
 */
export function forecastOf(
  { now, cutOff, to }: { now: number; cutOff: number; to: number },
  toShip: number,
  due: number,
  expected: number,
): ShipStory['forecast'] {
  const perMs = (Number.isFinite(expected) ? expected : due) / (cutOff - now);
  const clearsAt = due === 0 ? now : Math.round(now + due / perMs);
  if (clearsAt >= to)
    return [
      [now, toShip],
      [to, Math.round(toShip - perMs * (to - now))],
    ];
  return [
    [now, toShip],
    [clearsAt, toShip - due],
    [to, toShip - due],
  ];
}

/** While nodes work, they go on at their pace; before they start, last week tells what they will do. */
function expectedToClose(mirror: Mirror, now: number, minutes: number, scope: Filter): number {
  const pace = paceOf(mirror, now, scope);
  if (pace > 0) return pace * minutes;
  const lastWeek = measuredBetween(mirror, now - WEEK_MS, now - WEEK_MS + minutes * MINUTE_MS, scope);
  return lastWeek === undefined ? Number.POSITIVE_INFINITY : sumIn(lastWeek, 'orders.completed');
}

/** The level at each step, worked back from the level of now by what each step added. Null where nothing is recorded. */
function openBefore(
  mirror: Mirror,
  openNow: number,
  now: number,
  { from, to }: { from: number; to: number },
  scope: Filter,
): (number | null)[] {
  const recent = to >= now - HOUR_MS;
  const stepMs = recent ? STEP_MS : HOUR_MS;
  const first = mirror.states.backlog.size === 0 ? Number.POSITIVE_INFINITY : mirror.buckets.earliest('hour');
  const start = Math.floor(from / stepMs) * stepMs;
  const changes = recent
    ? perStep(mirror, start, now + stepMs, stepMs, scope)
    : measuredPerStep(mirror, start, now + stepMs, stepMs, scope).map((bucket) => sumIn(bucket, 'open-orders.change'));
  const levels: number[] = [];
  let level = openNow;
  for (let index = changes.length - 1; index >= 0; index--) {
    levels[index] = level;
    level -= changes[index]!;
  }
  const count = Math.ceil((Math.min(to, now) - from) / STEP_MS) + (recent ? 1 : 0);
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const at = from + index * STEP_MS;
    if (at < first) return null;
    return Math.max(0, between(levels, start, stepMs, at));
  });
}

/** Quarter hours: minutes where they are in memory, hours spread evenly before. */
function perStep(mirror: Mirror, from: number, to: number, stepMs: number, scope: Filter): number[] {
  const minutesFrom = Math.max(from, Math.floor((mirror.businessNow() - LOOK_BACK_MS) / HOUR_MS) * HOUR_MS);
  const perHour = HOUR_MS / stepMs;
  const early = measuredPerStep(mirror, from, minutesFrom, HOUR_MS, scope).flatMap((bucket) =>
    Array.from({ length: perHour }, () => sumIn(bucket, 'open-orders.change') / perHour),
  );
  const late = measuredPerStep(mirror, minutesFrom, to, stepMs, scope).map((bucket) =>
    sumIn(bucket, 'open-orders.change'),
  );
  return [...early, ...late];
}

function between(levels: number[], start: number, stepMs: number, at: number): number {
  const position = (at - start) / stepMs;
  const before = levels[Math.floor(position)] ?? levels.at(-1) ?? 0;
  const after = levels[Math.ceil(position)] ?? before;
  return Math.round(before + (after - before) * (position - Math.floor(position)));
}

function clockAt(timeZone: string, at: number): string {
  const local = new Date(at + offsetAt(timeZone, at));
  return local.toISOString().slice(11, 16);
}

/** Work at one node: how much is left, how far it is, and whether it clears in time. */
export function nodeCards(mirror: Mirror): Record<string, NodeCard> {
  const now = mirror.businessNow();
  const cards = [...mirror.states.node.values()]
    .filter((node) => node.active)
    .map((node): NodeCard => {
      const open = [...mirror.states.backlog.values()].filter((backlog) => backlog.node === node.node);
      const waves = openWaves(mirror).filter((wave) => wave.node === node.node);
      const ahead = waves.filter((wave) => wave.shipBy > now).sort((a, b) => a.shipBy - b.shipBy)[0];
      const due = ahead?.shipBy ?? null;
      const mustShip = waves.reduce((sum, wave) => (due !== null && wave.shipBy <= due ? sum + wave.orders : sum), 0);
      const pace = paceOf(mirror, now, { node: node.node });
      const clearsAt = pace > 0 && mustShip > 0 ? now + (mustShip / pace) * MINUTE_MS : null;
      return {
        node: node.node,
        name: node.name,
        status: statusOf(waves, now, clearsAt, due),
        toShip: open.reduce((sum, backlog) => sum + backlog.orders, 0),
        ...progressTowards(mirror, node.node, due, now),
        clearsAt: clearsAt === null ? null : Math.round(clearsAt / MINUTE_MS) * MINUTE_MS,
        dueAt: due,
        timeZone: node.timeZone,
      };
    });
  const busiest = cards.sort((a, b) => b.toShip - a.toShip || (a.node < b.node ? -1 : 1));
  return Object.fromEntries(busiest.map((card) => [`node:${card.node}`, card]));
}

function statusOf(waves: Wave[], now: number, clearsAt: number | null, due: number | null): NodeCard['status'] {
  const orders = (some: Wave[]) => some.reduce((sum, wave) => sum + wave.orders, 0);
  const late = orders(waves.filter((wave) => wave.shipBy <= now));
  if (late > orders(waves) * LATE_SHARE_CRITICAL) return 'critical';
  if (late > 0) return 'high';
  if (clearsAt === null || due === null) return 'ok';
  if (clearsAt > due) return 'critical';
  return clearsAt > due - SLACK_MS ? 'high' : 'ok';
}

/** Of the orders promised for that moment: the share picked, and the share that should be by now. */
function progressTowards(mirror: Mirror, node: string, due: number | null, now: number) {
  if (due === null) return { pickedShare: null, expectedShare: null };
  const minute = Math.floor(due / MINUTE_MS) * MINUTE_MS;
  const promised = mirror.buckets.select('minute', minute, minute + MINUTE_MS, { node });
  const total = promised.reduce((sum, { bucket }) => sum + sumIn(bucket, 'orders.due'), 0);
  const picked = promised.reduce((sum, { bucket }) => sum + sumIn(bucket, 'orders.picked'), 0);
  const elapsed = 1 - (due - now) / WORKING_BEFORE_MS;
  return {
    pickedShare: total === 0 ? null : thousandths(Math.min(1, picked / total)),
    expectedShare: thousandths(Math.max(0, Math.min(1, elapsed))),
  };
}
