import { createServer } from 'node:net';
import { StartError } from './start-error.ts';

/**
 * Resolves when nothing listens on `port`, rejects with a StartError that names the remedy when something does
 * or when we may not listen there. `host` undefined means all interfaces, as for `listen`.
 */
export function requireFreePort(port: number, host?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(new StartError(explainListenError(error, port, host))),
    );
    probe.listen({ port, ...(host === undefined ? {} : { host }), exclusive: true }, () =>
      probe.close(() => resolve()),
    );
  });
}

/** A TCP port of the loopback interface that was free a moment ago. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port assigned')),
      );
    });
  });
}

/** What to tell the operator when `listen` failed; also fits the error of the real server's own `listen`. */
export function explainListenError(error: NodeJS.ErrnoException, port: number, host?: string): string {
  const other = port === 0 || port >= 65_535 ? 7071 : port + 1;
  switch (error.code) {
    case 'EADDRINUSE':
      return (
        `Port ${port} is taken by another program (perhaps a Tideline that is already running). ` +
        `Stop that program, or choose another port: npm start -- --port ${other} (or TIDELINE_PORT=${other}).`
      );
    case 'EACCES':
      return (
        `This user may not listen on port ${port}. ` +
        `Choose a port above 1023: npm start -- --port 7070 (or TIDELINE_PORT=7070).`
      );
    case 'EADDRNOTAVAIL':
      return `The address ${host ?? ''} does not belong to this machine. Choose another one to listen on.`;
    default:
      return `Cannot listen on port ${port}: ${error.message}. Choose another one with --port.`;
  }
}
