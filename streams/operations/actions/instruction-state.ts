/** Shapes of what other systems were told to do. Times are epoch ms. */
import type { Instruction } from '../effects.ts';

export const instructionStatuses = ['sent', 'overdue', 'failed', 'confirmed', 'withdrawn'] as const;
export type InstructionStatus = (typeof instructionStatuses)[number];

export type SentInstruction = Instruction & {
  /** Its latest place in the feed; being told again moves it to the end. */
  number: number;
  status: InstructionStatus;
  /** How often it was told. */
  attempts: number;
  /** When an answer is due; 0 when none is expected. */
  due: number;
  /** The source whose clock tells when it is due. */
  clock: string;
  answeredAt: number;
  answeredBy: string;
  /** The reference of the other system, or why it failed or was withdrawn. */
  answer: string;
};

/** What one recipient has done with its instructions. It exists from the first instruction on. */
export type Recipient = {
  to: string;
  sent: number;
  confirmed: number;
  overdue: number;
  failed: number;
  /** What the overdue and the failed ones are worth, in minor units. */
  worth: number;
  /** Since when something is overdue or failed; 0 while nothing is. */
  since: number;
  openExceptions: string[];
};

/** A stretch of a log: ids in the order in which they were appended. See `paged-log.ts`. */
export type LogPage = { ids: string[] };
