/** A mail server of a test: keeps what it is handed, and refuses what it is told to. */
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export type MailServer = Awaited<ReturnType<typeof startMailServer>>;

export async function startMailServer() {
  const mails: { to: string[]; mail: ParsedMail; raw: string }[] = [];
  const wishes: { refuseRecipient?: string; refuseData?: { code: number; times: number }; swallowData?: boolean } = {};
  const said = (message: string, responseCode: number) => Object.assign(new Error(message), { responseCode });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo(address, _session, done) {
      if (address.address === wishes.refuseRecipient) done(said('no such mailbox', 550));
      else done();
    },
    onData(stream, session, done) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', async () => {
        if (wishes.swallowData === true) return server.close();
        const refusal = wishes.refuseData;
        if (refusal !== undefined && refusal.times > 0) {
          refusal.times -= 1;
          return done(said('try again later', refusal.code));
        }
        const raw = Buffer.concat(pieces);
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.push({ to, mail: await simpleParser(raw), raw: raw.toString() });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    wishes,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
