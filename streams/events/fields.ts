/** The field types every event subject is built from. Money is integer minor units, times are ISO 8601 with a zone. */
import { z } from 'zod';

/** Ids come from outside and pass 2^53, so they are always strings. `|` separates the parts of our own state keys. */
export const id = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^|\p{Cc}\p{Cs}]+$/u, 'must not contain "|" or control characters');

const QUANTITY_MAX = 1_000_000_000;
const MONEY_MAX = 1_000_000_000_000;

export const quantity = z.int().min(1).max(QUANTITY_MAX);
export const quantityOrZero = z.int().min(0).max(QUANTITY_MAX);
/** A balance: may be negative, and then says so. */
export const signedQuantity = z.int().min(-QUANTITY_MAX).max(QUANTITY_MAX);
export const money = z.int().min(-MONEY_MAX).max(MONEY_MAX);
export const currency = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR');
export const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin');
export const text = z.string().max(2_000);
export const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM');

/** A day of somebody's calendar, `2026-12-24`. */
export const localDate = z.iso.date();

/** An instant: accepted as ISO 8601 with a zone, kept as epoch milliseconds (UTC). */
export const instant = z.union([
  z.int().min(0).max(8.64e15),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
]);

/** The physical buckets of a node, in the order in which states store them. */
export const buckets = ['sellable', 'allocated', 'quarantined', 'damaged', 'return-pending', 'in-transit'] as const;
export const bucket = z.enum(buckets);
export type Bucket = (typeof buckets)[number];

/** The places outside of any node: the other side of a movement that crosses the border of the company. */
export const virtualPlaces = ['supplier', 'customer', 'loss', 'unknown'] as const;
export type VirtualPlace = (typeof virtualPlaces)[number];

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
