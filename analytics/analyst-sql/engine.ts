/** What runs the questions of analysts: labs beside the embedded engine, or a ClickHouse server as a user of its own. */

export type Answered = {
  rowsRead: number;
  bytesRead: number;
  /** As far as the engine can tell; 0: it cannot. */
  rowsToRead: number;
  memoryBytes: number;
};

/** What the answer was read from. */
export type ReadFrom = {
  /** Sequence of the last event it holds for certain. */
  seq: number;
  /** The moment up to which it is complete; null: there is nothing in it. */
  asOf: number | null;
};

export type AskedOfAnalysts = {
  /** Passed by the guard: it runs as it is, with the database of the views as the current one. */
  canonical: string;
  /** Who asks: a server counts what each person takes. */
  person: string;
  /** Of the engine, such as `JSONCompactEachRowWithNamesAndTypes`. */
  format: string;
  /** Aborting ends it within two seconds. */
  signal: AbortSignal;
  /** Before the first piece. */
  onStart?: (from: ReadFrom) => void;
  onProgress?: (progress: Answered) => void;
  /** The next piece is asked for when it resolves. */
  onPiece: (piece: Buffer) => Promise<void> | void;
};

export type Estimate = { rows: number; marks: number; parts: number };
export type AnalystColumn = { name: string; type: string };

export type AnalystEngine = {
  /** @throws EngineError; LAB_DIED when its engine ended, which is nobody's fault but perhaps this question's */
  run(asked: AskedOfAnalysts): Promise<void>;
  /** @param msMax once there is an engine. @returns null when it cannot tell */
  estimate(canonical: string, msMax: number): Promise<Estimate | null>;
  columns(canonical: string, signal: AbortSignal): Promise<AnalystColumn[]>;
  /** For people: how it is protected, and what this machine lacks for that. */
  status(): { kind: 'lab' | 'server'; words: string; lacks: string[] };
  stop(): Promise<void>;
};

/** There is no engine for analysts; the words say why and what to do. */
export class NoAnalystEngine extends Error {}
