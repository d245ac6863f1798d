/**
 * A fact as the one line of JSON that travels to history: the processor writes it, the history writer passes it on
 * unread, and the engine takes it as a row of the table `facts`. Lists are arrays of arrays in the order of the columns
 * there, and empty ones are left out. Built by hand, which takes half the time of JSON.stringify on this hot path.
 */
import type { Event } from '../events/index.ts';
import type { Decision, ExceptionChange, Instruction, Movement, Transition } from '../operations/effects.ts';
import { openUnits } from '../operations/orders/order-life.ts';
import { orderStatus } from '../operations/orders/order-status.ts';
import type { Order } from '../operations/states.ts';
import type { Fact } from './process-batch.ts';

const SHARED_TRIED_MAX = 4;

/** @returns JSON without a line break; all numbers in it are whole and fit into an Int64, all texts are valid Unicode. */
export function factRow({ seq, event, effects, orders }: Fact): string {
  const { corrects, data, occurredAt } = event;
  // An object where the engine expects a text is stored as it stands, byte for byte: `data` need not be quoted.
  let json =
    `{"seq":${seq},"id":${quoted(event.id)},"source":${quoted(event.source)},"type":"${event.type}",` +
    `"occurred_at":${occurredAt},"observed_at":${event.observedAt},"received_at":${event.receivedAt},` +
    `"data":${JSON.stringify(data)}`;
  const subject = subjectOf(event);
  if (subject !== '') json += `,"subject":${quoted(subject)}`;
  if (corrects !== undefined) json += `,"corrects":${quoted(corrects)}`;
  if (effects.refused !== '') json += `,"refused":${quoted(effects.refused)}`;
  if (effects.movements.length > 0) json += `,"movements":[${movementRows(effects.movements, occurredAt)}]`;
  if (effects.transitions.length > 0) json += stepRows(effects.transitions, occurredAt);
  if (effects.exceptions.length > 0) json += `,"exceptions":[${effects.exceptions.map(exceptionRow).join()}]`;
  if (effects.decisions.length > 0) json += `,"decisions":[${decisionRows(effects.decisions, occurredAt)}]`;
  if (effects.instructions.length > 0) json += `,"instructions":[${instructionRows(effects.instructions, occurredAt)}]`;
  if (orders.length > 0) json += `,"orders":[${orders.map(orderRow).join()}]`;
  return `${json}}`;
}

/** What the event speaks of in the first place: the order, else the SKU; for settings the thing that is set. */
function subjectOf(event: Event): string {
  const { order, sku } = event.data as { order?: unknown; sku?: unknown };
  if (typeof order === 'string') return order;
  if (typeof sku === 'string') return sku;
  switch (event.type) {
    case 'policy.defined':
      return `policies:${event.data.policy}`;
    case 'node.defined':
      return `nodes:${event.data.node}`;
    case 'channel.defined':
      return `channels:${event.data.channel}`;
    case 'source.defined':
      return `sources:${event.data.source}`;
    case 'workspace.configured':
      return 'workspace';
    default:
      return '';
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON has to escape.
const NEEDS_CARE = /["\\\u0000-\u001f\ud800-\udfff]/;

/** Half a character becomes U+FFFD: the engine would refuse its escape, and with it the whole batch. */
function quoted(text: string): string {
  return NEEDS_CARE.test(text) ? JSON.stringify(text.toWellFormed()) : `"${text}"`;
}

/** Money times quantity can pass what an Int64 holds; one such figure must not stop the history. */
function whole(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Math.round(value) || 0));
}

/** Moments of effects are told as the distance from the event's own: mostly one digit. */
function movementRows(movements: Movement[], occurredAt: number): string {
  let json = '';
  for (const { sku, from, to, quantity, reason, order, line, at } of movements) {
    json +=
      `${json === '' ? '' : ','}[${whole(at - occurredAt)},${quoted(sku)},${quoted(from.node)},"${from.place}",` +
      `${quoted(to.node)},"${to.place}",${whole(quantity)},${quoted(reason)},${quoted(order)},${quoted(line)}]`;
  }
  return json;
}

/** Steps name by its place in `step_orders` (from 1) what they share with the others of the same order. */
function stepRows(steps: Transition[], occurredAt: number): string {
  const shared: Transition[] = [];
  let rows = '';
  for (const step of steps) {
    rows +=
      `${rows === '' ? '' : ','}[${placeOf(step, shared)},"${step.step}",${step.sign},${whole(step.at - occurredAt)},` +
      `${quoted(step.line)},${quoted(step.sku)},${whole(step.quantity)},${whole(step.amount)},${whole(step.cost)},` +
      `${whole(step.short)},${whole(step.durationMs)},${quoted(step.cause)}]`;
  }
  return `,"steps":[${rows}],"step_orders":[${shared.map(stepOrderRow).join()}]`;
}

/** Steps of one order follow each other: looking further back would cost more than saying the order twice. */
function placeOf(step: Transition, shared: Transition[]): number {
  const oldest = Math.max(0, shared.length - SHARED_TRIED_MAX);
  for (let place = shared.length; place > oldest; place -= 1) if (isSameOrder(shared[place - 1]!, step)) return place;
  return shared.push(step);
}

const isSameOrder = (a: Transition, b: Transition): boolean =>
  a.order === b.order &&
  a.node === b.node &&
  a.shipBy === b.shipBy &&
  a.placedAt === b.placedAt &&
  a.channel === b.channel &&
  a.country === b.country &&
  a.currency === b.currency;

const stepOrderRow = ({ order, channel, node, country, currency, placedAt, shipBy }: Transition): string =>
  `[${quoted(order)},${quoted(channel)},${quoted(node)},${quoted(country)},"${currency}",${whole(placedAt)},${whole(shipBy)}]`;

/** What was decided on is stored as text: JSON within JSON, quoted once. */
const decisionRows = (decisions: Decision[], occurredAt: number): string =>
  decisions
    .map(
      ({ policy, at, order, line, sku, node, outcome, inputs }) =>
        `["${policy}",${whole(at - occurredAt)},${quoted(order)},${quoted(line)},${quoted(sku)},${quoted(node)},` +
        `${quoted(outcome)},${quoted(JSON.stringify(inputs))}]`,
    )
    .join();

const instructionRows = (instructions: Instruction[], occurredAt: number): string =>
  instructions
    .map(
      ({ id, kind, to, at, body }) =>
        `[${quoted(id)},"${kind}",${quoted(to)},${whole(at - occurredAt)},${quoted(JSON.stringify(body))}]`,
    )
    .join();

const exceptionRow = (change: ExceptionChange): string =>
  `[${quoted(change.id)},${quoted(change.kind)},${quoted(change.subject)},"${change.change}",${whole(change.at)},` +
  `${whole(change.since)},${quoted(change.title)},"${change.severity}",${whole(change.moneyAtRisk)},` +
  `${whole(change.deadline)},${quoted(change.sku)},${quoted(change.node)},${quoted(change.channel)},` +
  `${quoted(change.order)},${quoted(change.source)},${quoted(change.by)}]`;

function orderRow(order: Order): string {
  let units = 0;
  let unitsOpen = 0;
  let cost = 0;
  for (const line of order.lines) {
    units += line.quantity;
    unitsOpen += openUnits(line);
    cost += line.quantity * line.unitCost;
  }
  return (
    `[${quoted(order.order)},${quoted(order.source)},${quoted(order.channel)},${quoted(order.node)},` +
    `${quoted(order.country)},"${order.currency}",${quoted(order.customer)},"${orderStatus(order)}",` +
    `${whole(order.placedAt)},${whole(order.shipBy)},${whole(order.deliverBy)},${whole(order.completedAt)},` +
    `${order.lines.length},${whole(units)},${whole(unitsOpen)},${whole(order.amount)},${whole(cost)}]`
  );
}
