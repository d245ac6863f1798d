/** What becomes of the units that carts and other systems have reserved, followed from the day they were reserved. */
import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const unitsReserved = defineMeasure({
  name: 'reserved',
  grain: 'hour',
  terms: [{ step: 'reservation-held', column: 'quantity' }],
});
const unitsEnded = defineMeasure({
  name: 'reserved.ended',
  grain: 'hour',
  terms: [{ step: 'reservation-ended', column: 'quantity' }],
});
const unitsExpired = defineMeasure({
  name: 'reserved.expired',
  grain: 'hour',
  terms: [{ step: 'reservation-ended', column: 'quantity', causes: ['expired'] }],
});
const unitsOrphaned = defineMeasure({
  name: 'reserved.orphaned',
  grain: 'hour',
  terms: [{ step: 'reservation-orphaned', column: 'quantity' }],
});
const unitsShipped = defineMeasure({
  name: 'reserved.shipped',
  grain: 'hour',
  terms: [{ step: 'reservation-shipped', column: 'quantity' }],
});

const words = {
  group: 'reservations',
  clock: 'when the units were reserved: figures of the last days still change',
  owner: 'Head of e-commerce',
  cadence: 'hour',
  dimensions: ['channel', 'node'],
  version: 1,
  changes: firstVersion,
  recordedSince: 'judged-order',
} as const;
const exclusions =
  'what order lines reserve when they are accepted, and what transfers reserve; units and not reservations are counted';

export const reservationKpis = [
  defineKpi({
    ...words,
    id: 'units-reserved',
    name: 'Units reserved',
    question: 'How many units do carts and other systems reserve?',
    formula: 'units of reservations that were made',
    unit: 'count',
    direction: 'none',
    exclusions,
    target: null,
    thresholds: null,
    sources: ['reservation.held'],
    exceptions: ['reservation-leak', 'reservation-orphaned'],
    live: { kind: 'count', plus: [unitsReserved] },
  }),
  defineKpi({
    ...words,
    id: 'reservation-conversion',
    name: 'Reservation conversion',
    question: 'How much of what is reserved is shipped in the end?',
    formula: 'units shipped / units whose reservation has ended',
    unit: 'percent',
    direction: 'up',
    exclusions,
    target: 60,
    thresholds: { look: 60, act: 40 },
    sources: ['reservation.held', 'reservation.released', 'order.placed', 'fulfilment.dispatched'],
    exceptions: ['reservation-leak', 'reservation-orphaned'],
    live: { kind: 'ratio', part: [unitsShipped], whole: [unitsEnded] },
  }),
  defineKpi({
    ...words,
    id: 'reservation-expiry',
    name: 'Reservation expiry',
    question: 'How much of what is reserved runs out unused?',
    formula: 'units whose reservation expired / units whose reservation has ended',
    unit: 'percent',
    direction: 'down',
    exclusions,
    target: 25,
    thresholds: { look: 25, act: 40 },
    sources: ['reservation.held', 'reservation.extended', 'deadline.passed'],
    exceptions: ['reservation-leak', 'reservation-orphaned'],
    live: { kind: 'ratio', part: [unitsExpired], whole: [unitsEnded] },
  }),
  defineKpi({
    ...words,
    id: 'reservation-leak',
    name: 'Reservation leak',
    question: 'How much of what is reserved belongs to nobody?',
    formula: 'units whose order never came or was closed / units reserved',
    unit: 'percent',
    direction: 'down',
    exclusions: `${exclusions}; an order that comes after all takes its units out again`,
    target: 0,
    thresholds: { look: 0.1, act: 1 },
    sources: ['reservation.held', 'order.placed', 'deadline.passed'],
    exceptions: ['reservation-leak', 'reservation-orphaned'],
    live: { kind: 'ratio', part: [unitsOrphaned], whole: [unitsReserved] },
  }),
];
