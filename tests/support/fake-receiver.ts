/** A receiver of a test: keeps what it is sent, and answers as it is told to. */
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export type Received = { path: string; headers: IncomingHttpHeaders; body: string };
export type FakeReceiver = Awaited<ReturnType<typeof startFakeReceiver>>;

/** @param tls its certificate; without one it speaks in the clear */
export async function startFakeReceiver(tls?: { cert: string; key: string }) {
  const received: Received[] = [];
  const answering = { with: (_: Received, response: ServerResponse): void => void response.writeHead(200).end('ok') };
  const listener: RequestListener = (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { url = '', headers } = request;
      const one = { path: url, headers, body: Buffer.concat(pieces).toString() };
      received.push(one);
      answering.with(one, response);
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    received,
    /** @returns the last one as JSON */
    last: () => JSON.parse(received.at(-1)!.body),
    answer(status: number, body: string | object = '', headers: Record<string, string> = {}): void {
      answering.with = (_, response) =>
        void response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
    },
    answering,
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
