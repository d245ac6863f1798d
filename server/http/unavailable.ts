/** What cannot be said right now, because something that it rests on is away. */
export class Unavailable extends Error {
  readonly retryAfterSeconds: number;

  /** @param message what is away, in words for the reader of the answer */
  constructor(message: string, retryAfterSeconds = 5) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
