/** Units of measure: events may speak of cases and pallets; states know base units only. */
import type { Event } from '../../events/index.ts';
import { type Draft, Refused } from '../draft.ts';
import type { Item } from '../states.ts';

export const BASE_UNIT = 'each';
const QUANTITY_MAX = 1_000_000_000;

/**
 * @param unit as the event says it; undefined for base units
 * @throws Refused for a unit the item does not have, and for quantities nobody can hold
 */
export function inBaseUnits(item: Item | undefined, sku: string, quantity: number, unit: string | undefined): number {
  if (unit === undefined || unit === (item?.baseUnit ?? BASE_UNIT)) return quantity;
  const known = item?.units?.find((packed) => packed.unit === unit);
  if (known === undefined) {
    const names = [item?.baseUnit ?? BASE_UNIT, ...(item?.units ?? []).map((packed) => packed.unit)];
    throw new Refused(`${sku} has no unit "${unit}"; its units are ${names.join(', ')}`);
  }
  const units = quantity * known.factor;
  if (Math.abs(units) > QUANTITY_MAX) throw new Refused(`${quantity} ${unit} of ${sku} are more than can be counted`);
  return units;
}

/** Base units in one of the units the event speaks of: what it states a cost for. */
export function factorOf(item: Item | undefined, unit: string | undefined): number {
  return item?.units?.find((packed) => packed.unit === unit)?.factor ?? 1;
}

type Packed = { sku: string; quantity: number; unit?: string };

/** The same event with its quantities, those of its lines as well, in base units. */
export function inBaseUnitsOf<E extends Event>(draft: Draft, event: E): E {
  const data = event.data as Partial<Packed> & { lines?: Partial<Packed>[] };
  if (data.unit === undefined && !data.lines?.some((line) => line.unit !== undefined)) return event;
  const convert = <T extends Partial<Packed>>(packed: T): T => {
    if (packed.unit === undefined || packed.sku === undefined || packed.quantity === undefined) return packed;
    return {
      ...packed,
      quantity: inBaseUnits(draft.get('item', packed.sku), packed.sku, packed.quantity, packed.unit),
    };
  };
  // A line of a parked event is converted again later: it must not say its unit any more.
  const lines = data.lines?.map((line) => ({ ...convert(line), unit: undefined }));
  return { ...event, data: { ...convert(data), ...(lines === undefined ? {} : { lines }) } } as E;
}
