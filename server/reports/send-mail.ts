/** Hands mail to the one server that the operator configured. */
import { createTransport } from 'nodemailer';

export type MailSettings = { url: string; from: string };
export type Mail = {
  /** The same for every try of one run. */
  messageId: string;
  to: readonly string[];
  subject: string;
  text: string;
  html: string;
  attachments: readonly { filename: string; content: Buffer; contentType: string; cid?: string }[];
};
export type SendMail = (mail: Mail) => Promise<{ rejected: string[] }>;

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
const REFUSED_FOR_GOOD = 500;
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|::1)$/;

export function openSendMail({ url, from }: MailSettings): SendMail {
  const { hostname, protocol, port, username, password } = new URL(url);
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (protocol === 'smtps:' ? 465 : 587),
    secure: protocol === 'smtps:',
    // Mail and its password go through a line that nobody reads along; only this machine is spoken to in the clear.
    requireTLS: protocol === 'smtp:' && !loopback.test(hostname),
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: CONNECT_MS_MAX,
    greetingTimeout: CONNECT_MS_MAX,
    socketTimeout: SILENCE_MS_MAX,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async ({ attachments, to, ...mail }) => {
    try {
      const info = await transport.sendMail({
        from,
        to: [...to],
        ...mail,
        headers: { 'Auto-Submitted': 'auto-generated' },
        attachments: attachments.map((one) => ({
          ...one,
          ...(one.cid === undefined ? {} : { contentDisposition: 'inline' as const }),
        })),
      });
      return { rejected: info.rejected.map(String) };
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
    }
  };
}
