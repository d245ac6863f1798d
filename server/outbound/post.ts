/**
 * The one way in which something is posted to others: to what the guard approved, over TLS that names the host, without
 * following redirects, within a time and a size.
 */
import { request as requestInTheClear } from 'node:http';
import { type RequestOptions, request as requestOverTls } from 'node:https';
import type { Socket } from 'node:net';
import { version } from '../version.ts';
import { wordsOfFailure } from './failures.ts';
import { type Approved, approvedLookup, type Guard, mustLeadTo, NotSendable } from './guard.ts';

export type Posted = { url: string; headers: Record<string, string>; body: string };
export type Answer = {
  status: number;
  /** As the receiver asked for it, in ms; 0 when it did not. */
  retryAfterMs: number;
  /** Its first bytes. */
  text: string;
};
export type Post = (posted: Posted, signal: AbortSignal) => Promise<Answer>;

/** Looking the name up, connecting, sending and reading the answer, together. */
const TAKES_MS_MAX = 15_000;
const ANSWER_BYTES_MAX = 64 * 1024;
const HEADER_BYTES_MAX = 16 * 1024;
const RETRY_AFTER_MS_MAX = 3_600_000;

/** @param ca certificates to trust besides those of the machine */
export function openPost(deps: { guard: Guard; now: () => number; takesMsMax?: number; ca?: string }): Post {
  const { guard, now, takesMsMax = TAKES_MS_MAX } = deps;

  /** @throws NotSendable when there is no answer; any answer, also a redirect, is one */
  return async ({ url, headers, body }, stopping) => {
    const { protocol, hostname, port, pathname, search } = new URL(url);
    const inTheClear = protocol === 'http:';
    const late = AbortSignal.timeout(takesMsMax);
    const signal = AbortSignal.any([stopping, late]);
    const host = hostname.replace(/^\[|\]$/g, '');
    try {
      const asked = { host, port: Number(port) || (inTheClear ? 80 : 443), inTheClear };
      const approved = await guard.approve(asked, signal);
      const options: RequestOptions = {
        method: 'POST',
        path: `${pathname}${search}`,
        headers: {
          ...headers,
          'User-Agent': `Tideline/${version}`,
          'Content-Length': Buffer.byteLength(body),
          Connection: 'close',
        },
        ...(deps.ca === undefined ? {} : { ca: deps.ca }),
      };
      return await exchange({ approved, inTheClear, options, body, signal, now });
    } catch (error) {
      if (error instanceof NotSendable) throw error;
      if (stopping.aborted) throw new NotSendable('It was stopped.');
      if (late.aborted) throw new NotSendable(`${host} gave no answer within ${Math.ceil(takesMsMax / 1_000)} s.`);
      throw new NotSendable(wordsOfFailure(host, error));
    }
  };
}

type Exchange = {
  approved: Approved;
  inTheClear: boolean;
  options: RequestOptions;
  body: string;
  signal: AbortSignal;
  now: () => number;
};

function exchange({ approved, inTheClear, options, body, signal, now }: Exchange): Promise<Answer> {
  const { host, port } = approved;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = (inTheClear ? requestInTheClear : requestOverTls)({
    ...options,
    host,
    port,
    lookup: approvedLookup(approved),
    // Whatever the environment says of it.
    rejectUnauthorized: true,
    // No connection is kept or shared, and no proxy of the environment stands in between.
    agent: false,
    maxHeaderSize: HEADER_BYTES_MAX,
    signal,
  });
  sent.on('error', reject);
  sent.on('socket', (socket: Socket) => mustLeadTo(approved, socket));
  sent.on('response', (response) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    // The status is the answer: a body that never ends, or breaks off, takes nothing of it away.
    const finish = () => {
      const text = Buffer.concat(pieces).subarray(0, ANSWER_BYTES_MAX).toString('utf8');
      const retryAfterMs = retryAfterOf(response.headers['retry-after'], now());
      resolve({ status: response.statusCode ?? 0, retryAfterMs, text });
      sent.destroy();
    };
    response.on('data', (piece: Buffer) => {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= ANSWER_BYTES_MAX) finish();
    });
    response.on('end', finish);
    response.on('error', finish);
    sent.off('error', reject);
    sent.on('error', finish);
  });
  sent.end(body);
  return promise;
}

/** Seconds, or a moment (RFC 9110). */
function retryAfterOf(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(RETRY_AFTER_MS_MAX, Math.max(0, ms)) : 0;
}
