/** One transfer between two nodes. Everything in it is a sum or a first or last moment, so events may come in any order. */
import type { TransferStatus } from '../../events/transfers.ts';

export type Transfer = {
  transfer: string;
  /** Whose clock tells when it is late. */
  source: string;
  /** Empty until an event that names them has come. */
  fromNode: string;
  toNode: string;
  /** Business times; 0 while it has not happened. The last of several. */
  requestedAt: number;
  sentAt: number;
  receivedAt: number;
  closedAt: number;
  cancelledAt: number;
  /** 0 when nobody has said; the newest statement holds, whenever it arrives. */
  expectedAt: number;
  expectedStatedAt: number;
  closedTo: 'loss' | 'unknown';
  /** Who did it and why, by step: empty while it has not happened. */
  words: Record<'requested' | 'cancelled' | 'closed', { by: string; reason: string }>;
  /** In the order of their SKUs. */
  lines: TransferLine[];
  /** The expected moment has passed and something is still missing. */
  late: boolean;
  openExceptions: string[];
};

/** Units of one SKU. On their way are sent - received - writtenOff. */
export type TransferLine = { sku: string; requested: number; sent: number; received: number; writtenOff: number };

/** Units on their way; negative while more has arrived than was said to be sent. */
export const onTheWay = (line: TransferLine): number => line.sent - line.received - line.writtenOff;
export const unitsOnTheWay = (transfer: Transfer): number =>
  transfer.lines.reduce((sum, line) => sum + onTheWay(line), 0);
/** Who last said something about the whole of it, and why. */
export function lastWord({ words, closedAt, cancelledAt }: Transfer): { by: string; reason: string } {
  return closedAt > 0 ? words.closed : cancelledAt > 0 ? words.cancelled : words.requested;
}

/** Units asked for that nobody has sent or called off. */
export const unsent = (transfer: Transfer, line: TransferLine): number =>
  transfer.cancelledAt > 0 || transfer.closedAt > 0 ? 0 : Math.max(0, line.requested - line.sent);

export function transferStatus(transfer: Transfer): TransferStatus {
  if (transfer.closedAt > 0) return 'closed';
  if (transfer.lines.some((line) => onTheWay(line) !== 0)) return 'in-transit';
  if (transfer.cancelledAt > 0) return 'cancelled';
  return transfer.lines.some((line) => unsent(transfer, line) > 0) ? 'requested' : 'received';
}
