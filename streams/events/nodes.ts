/** Nodes: the places that hold stock and ship orders, and what keeps them from it. */
import { z } from 'zod';
import { id, instant, localDate, localTime, money, quantity, text, timeZone } from './fields.ts';

const DAYS_MAX = 400;
const countries = z.array(text).max(300);

/** Who collects there. Without countries it goes everywhere. */
const carrier = z.object({
  carrier: id,
  countries: countries.optional(),
  /** Node-local time of its collection, when that is before the node's cut-off. */
  pickup: localTime.optional(),
  /** The largest parcel it takes, in units. */
  unitsMax: quantity.optional(),
  costPerShipment: money.optional(),
});

/** Where parcels of this node go, and what that takes. */
const zone = z.object({
  zone: id,
  countries,
  costPerShipment: money.optional(),
  transitDays: z.int().min(0).max(60).optional(),
});

export const nodeEvents = {
  'node.defined': z.object({
    node: id,
    name: text,
    kind: z.enum(['warehouse', 'store', '3pl', 'supplier']),
    timeZone: timeZone.default('UTC'),
    /** Node-local time after which an order leaves the next working day. */
    cutOff: localTime.default('16:00'),
    /** ISO weekdays (1 = Monday) on which the node ships. */
    workdays: z.array(z.int().min(1).max(7)).max(7).default([1, 2, 3, 4, 5]),
    /** Node-local dates on which it does not ship although the weekday says so. */
    holidays: z.array(localDate).max(DAYS_MAX).optional(),
    /** Node-local dates on which it ships although the weekday or a holiday says otherwise. */
    extraWorkdays: z.array(localDate).max(DAYS_MAX).optional(),
    /** Node-local hours of work; 08:00 to 18:00 unless said. A shift that ends before it begins ends the next day. */
    opensAt: localTime.optional(),
    closesAt: localTime.optional(),
    /** Order lines the node can pick in an hour. */
    linesPerHour: quantity.optional(),
    /** Order lines it can pick in a working day, whatever the hour. */
    capacityLinesPerDay: quantity.optional(),
    carriers: z.array(carrier).max(50).optional(),
    zones: z.array(zone).max(50).optional(),
    costPerShipment: money.optional(),
    costPerUnit: money.optional(),
    active: z.boolean().default(true),
    by: text.optional(),
  }),
  /** The node cannot do what it usually does. Told again for the same node, it corrects what was said before. */
  'node.impaired': z.object({
    node: id,
    /** The name of this incident; without one it is called after the event. */
    impairment: id.optional(),
    /** What is left of its capacity: 0 = nothing, 0.5 = half. */
    capacityShare: z.number().min(0).max(1).default(0),
    /** Since when; the time of the event unless said. */
    from: instant.optional(),
    expectedUntil: instant.optional(),
    reason: text.default(''),
    by: text.optional(),
  }),
  'node.recovered': z.object({ node: id, impairment: id.optional(), note: text.optional(), by: text.optional() }),
};
