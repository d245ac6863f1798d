/** Errors as RFC 9457 problem details: what is wrong, where, and what to do about it. */
import { STATUS_CODES } from 'node:http';
import { ClientClosedError, ClientOfflineError, DisconnectsClientError, SocketClosedUnexpectedlyError } from 'redis';
import type { z } from 'zod';
import type { Problem } from './contract.ts';

export type ProblemDetails = Omit<Partial<Problem>, 'status'>;

/** Thrown by a handler to answer with a problem. Everything else that is thrown is our fault and says nothing outside. */
export class Refusal extends Error {
  readonly status: number;
  readonly details: ProblemDetails;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, details: ProblemDetails, retryAfterSeconds?: number) {
    super(details.detail ?? details.title ?? STATUS_CODES[status]);
    this.status = status;
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  toProblem(): Problem {
    const title = this.details.title ?? STATUS_CODES[this.status] ?? 'Error';
    return { type: `urn:tideline:problem:${slugOf(title)}`, title, status: this.status, ...this.details };
  }
}

const slugOf = (title: string) => title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

export const notFound = (what: string) => new Refusal(404, { title: 'Not found', detail: `${what} does not exist.` });

/** Something we depend on is away. The caller did nothing wrong and may come back. */
export const unavailable = (detail: string, retryAfterSeconds: number) =>
  new Refusal(503, { title: 'Unavailable', detail, remedy: 'Send the same request again later.' }, retryAfterSeconds);

const ERRORS_SHOWN_MAX = 50;

export function invalid(part: 'query' | 'body', error: z.ZodError): Refusal {
  const errors = error.issues.slice(0, ERRORS_SHOWN_MAX).map((issue) => ({
    path: issue.path.join('.'),
    message: issue.message,
  }));
  const one = part === 'body' ? 'field' : 'parameter';
  return new Refusal(400, {
    title: 'Invalid request',
    detail: error.issues.length === 1 ? `One ${one} is not right.` : `${error.issues.length} ${one}s are not right.`,
    errors,
  });
}

const redisAway = [ClientClosedError, ClientOfflineError, DisconnectsClientError, SocketClosedUnexpectedlyError];
const RETRY_AFTER_SECONDS = 2;

/** Redis lost while a request ran, or reading back what it stored: whoever asks again a little later gets an answer. */
function isRedisAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const isCut = code === 'EPIPE' || code === 'ECONNRESET' || code === 'ECONNREFUSED';
  return redisAway.some((kind) => error instanceof kind) || isCut || error.message.startsWith('LOADING');
}

/** What the body readers of Express and a lost Redis throw, in our words. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (isRedisAway(error)) return unavailable('Live state does not answer right now.', RETRY_AFTER_SECONDS);
  const { status, type, limit } = error as { status?: number; type?: string; limit?: number };
  if (status === 413) {
    const detail = `The body is larger than ${limit ?? 'allowed'} bytes (after decompression).`;
    return new Refusal(413, { title: 'Body too large', detail, remedy: 'Split it into smaller requests.' });
  }
  if (type === 'encoding.unsupported') {
    return new Refusal(415, { title: 'Unsupported content encoding', remedy: 'Use gzip, deflate or none.' });
  }
  if (error instanceof URIError) return new Refusal(400, { title: 'Malformed path' });
  if (status !== undefined && status >= 400 && status < 500) {
    return new Refusal(status, { detail: 'The request could not be read.' });
  }
  return undefined;
}
