/** An answer ClickHouse would give as an exception: its number, its name and the words for people. */
export class EngineError extends Error {
  readonly code: number;
  readonly type: string;

  constructor(code: number, type: string, message: string) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
    this.type = type;
  }

  /** The body the official client reads: `Code: NN. DB::Exception: words (TYPE)`. */
  get body(): string {
    return `Code: ${this.code}. DB::Exception: ${this.message} (${this.type})\n`;
  }

  get status(): number {
    return STATUS_BY_CODE.get(this.code) ?? 500;
  }
}

export const TOO_MANY_QUERIES = 202;
export const QUERY_WAS_CANCELLED = 394;
export const AUTHENTICATION_FAILED = 516;

// The same choices as ClickHouse's own HTTP handler makes.
const STATUS_BY_CODE = new Map<number, number>([
  [6, 400],
  [26, 400],
  [27, 400],
  [36, 400],
  [38, 400],
  [41, 400],
  [43, 400],
  [46, 404],
  [47, 404],
  [48, 501],
  [50, 404],
  [53, 400],
  [60, 404],
  [62, 400],
  [72, 400],
  [73, 404],
  [81, 404],
  [115, 404],
  [158, 400],
  [241, 500],
  [307, 400],
  [396, 400],
  [456, 400],
  [497, 403],
  [TOO_MANY_QUERIES, 503],
  [AUTHENTICATION_FAILED, 401],
]);

/** Turns what chdb threw (sometimes the same sentence wrapped twice) into one ClickHouse exception. */
export function asEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const found = /Code: (\d+)\. DB::Exception: (?!Code: \d+\. DB::Exception: )([\s\S]*)$/.exec(text);
  if (!found) return new EngineError(1002, 'UNKNOWN_EXCEPTION', text);
  const words = found[2]!.replace(/\s*\(version [\s\S]*$/, '').trim();
  const named = /^([\s\S]*)\(([A-Z0-9_]+)\)$/.exec(words);
  return new EngineError(Number(found[1]), named?.[2] ?? 'UNKNOWN_EXCEPTION', (named?.[1] ?? words).trim());
}
