/** What is known of a source as a source: its clock, its volume, and the values it names that nobody has defined. */

export type SourceQuality = {
  /** The largest lead of its times over ours while its clock runs ahead; 0 when it does not. */
  aheadMs: number;
  /** When the last event from the future was received, and since when they come. */
  aheadAt: number;
  aheadSince: number;
  /** Events told while they happened, and how many of them there were when the running slot began. */
  liveEvents: number;
  slotBase: number;
  /** When the running slot ends; 0 while nobody listens. The first slot after a silence is not whole and not judged. */
  slotDue: number;
  slotWhole: boolean;
  /** The last whole slot against what is usual at this time of the week; null while that is not known. */
  volume: SlotVolume | null;
  /** Values it named that no master data knows, as `item:RUG-9`, sorted; at most 20 are remembered. */
  unknown: string[];
  unknownSince: number;
  /** Events that named unknown values, and what the lines of their orders are worth. */
  unknownEvents: number;
  unknownAmount: number;
};

export type SlotVolume = { from: number; count: number; usual: number; deviation: number };

/** Events per slot, for every hour of working days and of weekends: how many slots, their mean and variance. */
export type VolumeProfile = { cells: Record<string, [slots: number, mean: number, variance: number]> };

export type DefinedKind = 'item' | 'node' | 'channel';
/** Per kind of master data: whether any is defined, and which sources named what is not, sorted. */
export type UnknownValues = { defined: boolean; sources: Record<string, string[]> };
