/** A Redis in memory: the commands Tideline uses, with the answers and the transaction rules of the real one. */

type Entry = { ms: number; seq: number; fields: Record<string, string> };
type Stream = { entries: Entry[]; last: { ms: number; seq: number } };
type Value =
  | { type: 'string'; text: string; expiresAt: number }
  | { type: 'hash'; map: Map<string, string> }
  | { type: 'set'; members: Set<string> }
  | { type: 'sorted'; scores: Map<string, number> }
  | { type: 'stream'; stream: Stream };

export type Command = { name: string; args: unknown[] };

export class Store {
  readonly #values = new Map<string, Value>();
  readonly #versions = new Map<string, number>();
  /** Called when a stream has got an entry, for those who wait for one. */
  onAppend: (key: string) => void = () => {};
  /** Whether a lease is given to whoever asks: nothing but the fence is left then. */
  leasesAreShared = false;
  /** Whether a trim that may be approximate is carried out now. */
  trimsNow: () => boolean = () => true;
  readonly #wall: () => number;

  constructor(wall: () => number) {
    this.#wall = wall;
  }

  version(key: string): number {
    return this.#versions.get(key) ?? 0;
  }

  run({ name, args }: Command): unknown {
    const command = this.commands[name];
    if (command === undefined) throw new Error(`the simulated Redis does not know ${name}`);
    return command(...(args as never[]));
  }

  #changed(key: string): void {
    this.#versions.set(key, this.version(key) + 1);
  }

  #find<T extends Value['type']>(key: string, type: T): Extract<Value, { type: T }> | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    if (value.type === 'string' && value.expiresAt <= this.#wall()) {
      this.#values.delete(key);
      return undefined;
    }
    if (value.type !== type) throw new Error(`WRONGTYPE ${key} holds a ${value.type}, not a ${type}`);
    return value as Extract<Value, { type: T }>;
  }

  #make<T extends Exclude<Value['type'], 'string'>>(key: string, type: T): Extract<Value, { type: T }> {
    const known = this.#find(key, type);
    if (known !== undefined) return known;
    const fresh: Value =
      type === 'hash'
        ? { type: 'hash', map: new Map() }
        : type === 'set'
          ? { type: 'set', members: new Set() }
          : type === 'sorted'
            ? { type: 'sorted', scores: new Map() }
            : { type: 'stream', stream: { entries: [], last: { ms: 0, seq: 0 } } };
    this.#values.set(key, fresh);
    return fresh as Extract<Value, { type: T }>;
  }

  hash = (key: string): Map<string, string> => this.#find(key, 'hash')?.map ?? new Map();
  scores = (key: string): Map<string, number> => this.#find(key, 'sorted')?.scores ?? new Map();
  entries = (key: string): Entry[] => this.#find(key, 'stream')?.stream.entries ?? [];
  lastId = (key: string): string => {
    const { ms, seq } = this.#find(key, 'stream')?.stream.last ?? { ms: 0, seq: 0 };
    return `${ms}-${seq}`;
  };
  text = (key: string): string | null => this.#find(key, 'string')?.text ?? null;
  members = (key: string): string[] => [...(this.#find(key, 'set')?.members ?? [])];

  readonly commands: Record<string, (...args: never[]) => unknown> = {
    get: (key: string) => this.text(key),
    set: (key: string, text: string, options?: { condition?: 'NX'; expiration?: { value: number } }) => {
      if (options?.condition === 'NX' && !this.leasesAreShared && this.text(key) !== null) return null;
      const expiresAt =
        options?.expiration === undefined ? Number.POSITIVE_INFINITY : this.#wall() + options.expiration.value;
      this.#values.set(key, { type: 'string', text: String(text), expiresAt });
      this.#changed(key);
      return 'OK';
    },
    pExpire: (key: string, ms: number) => {
      const value = this.#find(key, 'string');
      if (value === undefined) return 0;
      value.expiresAt = this.#wall() + ms;
      return 1;
    },
    del: (key: string | string[]) => {
      for (const one of [key].flat()) {
        if (this.#values.delete(one)) this.#changed(one);
      }
      return 1;
    },
    unlink: (key: never) => this.commands['del']!(key),
    hGet: (key: string, field: string) => this.hash(key).get(field) ?? null,
    hmGet: (key: string, fields: string[]) => fields.map((field) => this.hash(key).get(field) ?? null),
    hSet: (key: string, fields: string[] | Record<string, unknown>) => {
      const { map } = this.#make(key, 'hash');
      if (Array.isArray(fields))
        for (let at = 0; at < fields.length; at += 2) map.set(fields[at]!, String(fields[at + 1]));
      else for (const [field, value] of Object.entries(fields)) map.set(field, String(value));
      this.#changed(key);
      return 1;
    },
    hDel: (key: string, fields: string | string[]) => {
      const map = this.hash(key);
      for (const field of [fields].flat()) map.delete(field);
      this.#changed(key);
      return 1;
    },
    hIncrBy: (key: string, field: string, by: number) => {
      const { map } = this.#make(key, 'hash');
      map.set(field, String(Number(map.get(field) ?? 0) + by));
      this.#changed(key);
      return Number(map.get(field));
    },
    sAdd: (key: string, members: string | string[]) => {
      const set = this.#make(key, 'set').members;
      for (const member of [members].flat()) set.add(member);
      this.#changed(key);
      return 1;
    },
    sMembers: (key: string) => this.members(key),
    smIsMember: (key: string, members: string[]) => {
      const set = this.#find(key, 'set')?.members;
      return members.map((member) => (set?.has(member) === true ? 1 : 0));
    },
    zAdd: (key: string, { score, value }: { score: number; value: string }) => {
      this.#make(key, 'sorted').scores.set(value, score);
      this.#changed(key);
      return 1;
    },
    zRem: (key: string, member: string) => {
      this.scores(key).delete(member);
      this.#changed(key);
      return 1;
    },
    zRangeByScoreWithScores: (key: string, from: number, to: number, options?: { LIMIT?: { count: number } }) =>
      [...this.scores(key)]
        .filter(([, score]) => score >= from && score <= to)
        .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
        .slice(0, options?.LIMIT?.count)
        .map(([value, score]) => ({ value, score })),
    xLen: (key: string) => this.entries(key).length,
    xAdd: (key: string, id: string, fields: Record<string, string>) => this.#append(key, id, fields),
    xTrim: (key: string, _: 'MINID', from: string, options?: { strategyModifier?: '~' }) => {
      const stream = this.#find(key, 'stream')?.stream;
      if (stream === undefined || (options?.strategyModifier === '~' && !this.trimsNow())) return 0;
      const [ms, seq] = idOf(from);
      stream.entries = stream.entries.filter((entry) => entry.ms > ms || (entry.ms === ms && entry.seq >= seq));
      this.#changed(key);
      return 1;
    },
    xRange: (key: string, from: string, to: string, options?: { COUNT?: number }) => {
      const [ms, seq] = idOf(from.replace('(', ''));
      const [toMs, toSeq] = to === '+' ? [Number.POSITIVE_INFINITY, 0] : idOf(to);
      const open = from.startsWith('(');
      return this.entries(key)
        .filter((entry) => entry.ms > ms || (entry.ms === ms && (open ? entry.seq > seq : entry.seq >= seq)))
        .filter((entry) => entry.ms < toMs || (entry.ms === toMs && entry.seq <= toSeq))
        .slice(0, options?.COUNT)
        .map(messageOf);
    },
    xRevRange: (key: string, _from: string, _to: string, { COUNT }: { COUNT: number }) =>
      this.entries(key).slice(-COUNT).reverse().map(messageOf),
    xRead: ({ key, id }: { key: string; id: string }, options: { COUNT: number }) => {
      const [ms, seq] = idOf(id);
      const entries = this.entries(key).filter((entry) => entry.ms > ms || (entry.ms === ms && entry.seq > seq));
      return entries.length === 0 ? null : [{ name: key, messages: entries.slice(0, options.COUNT).map(messageOf) }];
    },
    /** As `addCommand` of a transaction has it. */
    XADD: (key: string, id: string, field: string, value: string) => this.#append(key, id, { [field]: value }),
  };

  #append(key: string, id: string, fields: Record<string, string>): string {
    const { stream } = this.#make(key, 'stream');
    const { last } = stream;
    const now = Math.max(this.#wall(), last.ms);
    const [ms, seq] = id === '*' ? [now, now === last.ms ? last.seq + 1 : 0] : idOf(id);
    if (ms < last.ms || (ms === last.ms && seq <= last.seq))
      throw new Error(`ERR the ID ${id} is not above the last one of ${key}`);
    stream.last = { ms, seq };
    stream.entries.push({ ms, seq, fields });
    this.#changed(key);
    this.onAppend(key);
    return `${ms}-${seq}`;
  }
}

const idOf = (id: string): [number, number] => id.split('-').map(Number) as [number, number];
const messageOf = ({ ms, seq, fields }: Entry) => ({ id: `${ms}-${seq}`, message: { ...fields } });
