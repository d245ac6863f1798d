// One question to a Redis server without a client library: the private Redis is watched and stopped
// before any client exists and after the last one is gone.
import { connect } from 'node:net';

/** Where a Redis server listens. The loopback form always carries a password: any local user can reach a port. */
export type RedisAddress =
  | { kind: 'socket'; socketPath: string }
  | { kind: 'loopback'; port: number; password: string };

/** A Redis URL as node-redis takes it. */
export function redisUrl(address: RedisAddress): string {
  return address.kind === 'socket'
    ? `unix://${address.socketPath.split('/').map(encodeURIComponent).join('/')}`
    : `redis://:${encodeURIComponent(address.password)}@127.0.0.1:${address.port}`;
}

const replyBytesMax = 256 * 1024;

/**
 * Sends one command and resolves with its reply: the text of a simple string, integer or bulk string, or the
 * elements of a flat array joined by newlines. Redis errors reject with their text (`LOADING …`), network
 * errors with theirs; closing without a reply rejects too, except for SHUTDOWN, whose answer is to hang up.
 */
export function askRedis(address: RedisAddress, command: string[], timeoutMs = 2_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket =
      address.kind === 'socket'
        ? connect({ path: address.socketPath })
        : connect({ port: address.port, host: '127.0.0.1' });
    let received = '';
    const finish = (settle: () => void): void => {
      socket.destroy();
      settle();
    };
    socket.setTimeout(timeoutMs, () =>
      finish(() => reject(new Error(`Redis did not answer ${command[0]} within ${timeoutMs} ms`))),
    );
    socket.on('connect', () => {
      if (address.kind === 'loopback') socket.write(encode(['AUTH', address.password]));
      socket.write(encode(command));
    });
    socket.on('data', (bytes) => {
      received += bytes.toString('utf8');
      if (received.length > replyBytesMax) return finish(() => reject(new Error('Redis sent too long a reply')));
      let rest = received;
      if (address.kind === 'loopback') {
        const login = parseReply(rest);
        if (login === undefined) return;
        if (login.error) return finish(() => reject(new Error(login.text)));
        rest = rest.slice(login.length);
      }
      const reply = parseReply(rest);
      if (reply === undefined) return;
      finish(() => (reply.error ? reject(new Error(reply.text)) : resolve(reply.text)));
    });
    socket.on('error', (error) => finish(() => reject(error)));
    socket.on('close', () =>
      command[0] === 'SHUTDOWN'
        ? resolve('')
        : reject(new Error(`Redis closed the connection before it answered ${command[0]}`)),
    );
  });
}

function encode(command: string[]): string {
  return `*${command.length}\r\n${command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`;
}

interface Reply {
  text: string;
  error: boolean;
  /** Characters of the input this reply took. */
  length: number;
}

/** Reads one RESP2 reply from the start of `input`; undefined while it is incomplete. */
function parseReply(input: string): Reply | undefined {
  const lineEnd = input.indexOf('\r\n');
  if (lineEnd < 0) return undefined;
  const head = input.slice(1, lineEnd);
  const bodyStart = lineEnd + 2;
  switch (input[0]) {
    case '$': {
      if (head === '-1') return { text: '', error: false, length: bodyStart };
      const end = bodyStart + Number(head);
      return input.length < end + 2 ? undefined : { text: input.slice(bodyStart, end), error: false, length: end + 2 };
    }
    case '*': {
      const parts: string[] = [];
      let position = bodyStart;
      for (let index = 0; index < Number(head); index++) {
        const part = parseReply(input.slice(position));
        if (part === undefined) return undefined;
        parts.push(part.text);
        position += part.length;
      }
      return { text: parts.join('\n'), error: false, length: position };
    }
    default:
      return { text: head, error: input[0] === '-', length: bodyStart };
  }
}
