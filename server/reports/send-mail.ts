/** Hands mail to a server: the one that the operator configured, or one of a channel for alerts. */
import type { Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import type SMTPTransport from 'nodemailer/lib/smtp-transport/index.js';

export type MailServer = {
  host: string;
  port: number;
  /** `none`: what is sent can be read along. */
  security: 'tls' | 'starttls' | 'none';
  /** Empty: nobody signs in. */
  user: string;
  password: string;
};
export type MailSettings = {
  server: MailServer;
  from: string;
  /** A connection that somebody else checked; without it the server is looked up and connected to here. */
  open?: (signal: AbortSignal) => Promise<Socket>;
  /** Certificates to trust besides those of the machine. */
  ca?: string;
};
export type Mail = {
  /** The same for every try of one run. */
  messageId: string;
  to: readonly string[];
  subject: string;
  text: string;
  html: string;
  attachments?: readonly { filename: string; content: Buffer; contentType: string; cid?: string }[];
  /** The ids of what it goes on from, so that programs for mail show them together. */
  references?: readonly string[];
  signal?: AbortSignal;
};
export type SendMail = (mail: Mail) => Promise<{ rejected: string[]; answer: string }>;

/** Why it was not sent. `final`: it would be refused again. `uncertain`: the server may have taken it. */
export class NotSent extends Error {
  readonly final: boolean;
  readonly uncertain: boolean;

  constructor(message: string, { final = false, uncertain = false } = {}) {
    super(message);
    this.final = final;
    this.uncertain = uncertain;
  }
}

const CONNECT_MS_MAX = 15_000;
const SILENCE_MS_MAX = 60_000;
const ANSWER_BYTES_MAX = 64 * 1024;
const REFUSED_FOR_GOOD = 500;
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** `smtps://user:password@host`, or `smtp://` with STARTTLS; only this machine is spoken to in the clear. */
export function mailServerOf(url: string): MailServer {
  const { hostname, protocol, port, username, password } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const isTls = protocol === 'smtps:';
  return {
    host,
    port: Number(port) || (isTls ? 465 : 587),
    security: isTls ? 'tls' : loopback.test(host) ? 'none' : 'starttls',
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
}

export function openSendMail({ server, from, open, ca }: MailSettings): SendMail {
  const { host, port, security, user, password } = server;
  const options = {
    host,
    port,
    secure: security === 'tls',
    // Mail and its password go through a line that nobody reads along.
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === '' ? {} : { auth: { user, pass: password } }),
    tls: { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: CONNECT_MS_MAX,
    greetingTimeout: CONNECT_MS_MAX,
    socketTimeout: SILENCE_MS_MAX,
    maxResponseSize: ANSWER_BYTES_MAX,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  return async ({ attachments = [], to, references = [], signal, ...mail }) => {
    // Opened before: what stands in the way there is told in the words of who opened it.
    const connection = await open?.(signal ?? AbortSignal.timeout(CONNECT_MS_MAX));
    const transport = createTransport({
      ...options,
      ...(connection === undefined
        ? {}
        : { getSocket: (_: object, done: (error: null, socket: object) => void) => done(null, { connection }) }),
    } as SMTPTransport.Options);
    try {
      const message = {
        from,
        to: [...to],
        ...mail,
        ...(references.length === 0 ? {} : { references: [...references], inReplyTo: references.at(-1)! }),
        ...(signal === undefined ? {} : { signal }),
        headers: { 'Auto-Submitted': 'auto-generated' },
        attachments: attachments.map((one) => ({
          ...one,
          ...(one.cid === undefined ? {} : { contentDisposition: 'inline' as const }),
        })),
      };
      const info = await transport.sendMail(message);
      return { rejected: info.rejected.map(String), answer: info.response };
    } catch (error) {
      const { code, command, responseCode, message } = error as Error & {
        code?: string;
        command?: string;
        responseCode?: number;
      };
      // Without an answer to the data itself, nobody knows whether it was taken.
      const uncertain = command === 'DATA' && responseCode === undefined && code !== 'EENVELOPE';
      const final = responseCode !== undefined && responseCode >= REFUSED_FOR_GOOD;
      throw new NotSent(`The mail server did not take it: ${message}`, { final, uncertain });
    } finally {
      connection?.destroy();
    }
  };
}
