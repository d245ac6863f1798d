/**
 * A connection to the simulated Redis, as node-redis behaves: commands are carried out in the order in which they were
 * sent, answers come back later, and between the two anything can happen to either side.
 */
import { RESP_TYPES } from 'redis';
import type { Redis } from '../../streams/processing/redis.ts';
import type { Command, Store } from './store.ts';
import { currentProgram, type Program, type VirtualTime } from './virtual-time.ts';

type Sent = {
  commands: Command[];
  transaction: boolean;
  blockMs: number;
  binary: boolean;
  state: 'on its way' | 'waiting' | 'done' | 'answered';
  resolve(value: unknown): void;
  reject(error: Error): void;
};

class WatchError extends Error {
  override name = 'WatchError';
}

export type Network = {
  store: Store;
  time: VirtualTime;
  /** Milliseconds for one way. */
  latency(): number;
  /** Redis is being started again: connections are refused until then. */
  downUntil: number;
  connections: Set<Connection>;
  /** Told before a program waits for an answer; may kill it. */
  onWait(program: Program): void;
};

export class Connection {
  readonly program: Program;
  readonly #network: Network;
  readonly #failsAtOnce: boolean;
  #sent: Sent[] = [];
  #sendsAt = 0;
  #answersAt = 0;
  #watched = new Map<string, number>();
  #brokenSinceWatch = false;

  constructor(network: Network, program: Program, failsAtOnce: boolean) {
    this.#network = network;
    this.program = program;
    this.#failsAtOnce = failsAtOnce;
    network.connections.add(this);
  }

  send(commands: Command[], { transaction = false, binary = false } = {}): Promise<unknown> {
    const { time } = this.#network;
    this.#network.onWait(this.program);
    if (!this.program.alive) return new Promise(() => {});
    const block = commands[0]?.name === 'xRead' ? ((commands[0].args[1] as { BLOCK?: number }).BLOCK ?? 0) : 0;
    return new Promise((resolve, reject) => {
      const sent: Sent = { commands, transaction, blockMs: block, binary, state: 'on its way', resolve, reject };
      if (this.#network.downUntil > time.elapsed && this.#failsAtOnce) {
        sent.state = 'answered';
        time.after(0, () => reject(new Error('the client is closed: Redis is away')), this.program);
        return;
      }
      this.#sent.push(sent);
      this.#sendsAt = Math.max(this.#sendsAt, time.elapsed + this.#network.latency(), this.#network.downUntil);
      time.after(this.#sendsAt - time.elapsed, () => this.#arrive(sent));
    });
  }

  #arrive(sent: Sent): void {
    if (sent.state !== 'on its way' || !this.program.alive) return;
    const first = this.#sent.find((one) => one.state === 'on its way' || one.state === 'waiting');
    // A blocking read before it holds up everything behind it on the same connection.
    if (first !== sent) {
      this.#network.time.after(1, () => this.#arrive(sent));
      return;
    }
    this.#carryOut(sent, this.#network.time.elapsed + sent.blockMs);
  }

  #carryOut(sent: Sent, until: number): void {
    const { time } = this.#network;
    let reply: unknown;
    try {
      reply = this.#execute(sent);
    } catch (error) {
      this.#answer(sent, () => sent.reject(error as Error));
      return;
    }
    if (reply === null && sent.blockMs > 0 && time.elapsed < until) {
      sent.state = 'waiting';
      const { key } = sent.commands[0]!.args[0] as { key: string };
      let over = false;
      const again = () => {
        if (over || sent.state !== 'waiting' || !this.program.alive) return;
        over = true;
        this.#carryOut(sent, until);
      };
      waitersOf(this.#network).push({ key, again });
      time.after(until - time.elapsed, again);
      return;
    }
    this.#answer(sent, () => sent.resolve(reply));
  }

  #execute({ commands, transaction, binary }: Sent): unknown {
    const { store } = this.#network;
    const [command] = commands;
    if (!transaction && command?.name === 'watch') {
      this.#brokenSinceWatch = false;
      const key = command.args[0] as string;
      this.#watched.set(key, store.version(key));
      return 'OK';
    }
    if (!transaction && command?.name === 'unwatch') {
      this.#watched.clear();
      return 'OK';
    }
    if (!transaction) {
      const reply = store.run(command!);
      return binary ? asBytes(reply) : reply;
    }
    const moved = [...this.#watched].some(([key, version]) => store.version(key) !== version);
    const broken = this.#brokenSinceWatch;
    this.#watched.clear();
    this.#brokenSinceWatch = false;
    if (broken) throw new WatchError('Client reconnected after WATCH');
    if (moved) throw new WatchError('One (or more) of the watched keys has been changed');
    return commands.map((one) => store.run(one));
  }

  #answer(sent: Sent, tell: () => void): void {
    const { time } = this.#network;
    sent.state = 'done';
    this.#answersAt = Math.max(this.#answersAt, time.elapsed + this.#network.latency());
    time.after(
      this.#answersAt - time.elapsed,
      () => {
        if (sent.state !== 'done') return;
        sent.state = 'answered';
        this.#sent = this.#sent.filter((one) => one !== sent);
        tell();
      },
      this.program,
    );
  }

  /** The wire is cut: some of what was sent has arrived, no answer comes any more. */
  cut(arrived: number): void {
    const lost = this.#sent;
    this.#sent = [];
    let left = arrived;
    for (const sent of lost) {
      if (sent.state === 'on its way' && sent.blockMs === 0 && left-- > 0) {
        try {
          this.#execute(sent);
        } catch {
          // Nobody hears of it.
        }
      }
      sent.state = 'answered';
      const { time } = this.#network;
      time.after(0, () => sent.reject(new Error('Socket closed unexpectedly')), this.program);
    }
    if (this.#watched.size > 0) this.#brokenSinceWatch = true;
    this.#watched.clear();
  }

  get pending(): number {
    return this.#sent.length;
  }
}

const waiting = new WeakMap<Store, { key: string; again: () => void }[]>();

function waitersOf({ store, time }: Network) {
  const known = waiting.get(store) ?? [];
  waiting.set(store, known);
  store.onAppend = (key) => {
    const all = waiting.get(store) ?? [];
    const ready = all.filter((waiter) => waiter.key === key);
    all.splice(0, all.length, ...all.filter((waiter) => waiter.key !== key));
    // Redis serves them after the command that appended.
    for (const { again } of ready) time.after(0, again);
  };
  return known;
}

function asBytes(reply: unknown): unknown {
  if (typeof reply === 'string') return Buffer.from(reply);
  if (Array.isArray(reply)) return reply.map(asBytes);
  if (typeof reply !== 'object' || reply === null) return reply;
  return Object.fromEntries(Object.entries(reply).map(([key, value]) => [key, asBytes(value)]));
}

/** @param failsAtOnce whether commands fail while Redis is away, as those of a connection for commits do */
export function connect(network: Network, { failsAtOnce = false } = {}): Redis {
  const program = currentProgram();
  if (program === undefined) throw new Error('only programs connect');
  return clientOf(new Connection(network, program, failsAtOnce), false);
}

function clientOf(connection: Connection, binary: boolean): Redis {
  const special: Record<string, unknown> = {
    multi: () => transactionOf(connection),
    withTypeMapping: (mapping: Record<number, unknown>) =>
      clientOf(connection, mapping[RESP_TYPES.BLOB_STRING] === Buffer),
  };
  return new Proxy(special, {
    // A client must not look like a promise.
    get: (_, name: string) =>
      name === 'then' || name in special
        ? special[name]
        : (...args: unknown[]) => connection.send([{ name, args }], { binary }),
  }) as unknown as Redis;
}

function transactionOf(connection: Connection): unknown {
  const commands: Command[] = [];
  const builder: unknown = new Proxy(
    {},
    {
      get: (_, name: string) => {
        if (name === 'then') return undefined;
        if (name === 'exec') return () => connection.send(commands, { transaction: true });
        return (...args: unknown[]) => {
          if (name === 'addCommand') {
            const [word, ...rest] = args[0] as string[];
            commands.push({ name: word!, args: rest });
          } else commands.push({ name, args });
          return builder;
        };
      },
    },
  );
  return builder;
}
