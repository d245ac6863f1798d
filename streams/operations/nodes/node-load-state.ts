/** The shape of what each node has to do. */

/** Open work of one node that is due in one hour. */
export type LoadSlot = {
  /** Hours since 1970. */
  slot: number;
  /** Order lines not picked yet. */
  lines: number;
  /** Those of them that the node has begun with, or was told to. */
  released: number;
  orders: number;
  /** Sales value less cost of the units still to ship, in minor units. */
  margin: number;
  /** Its orders per channel. */
  channels: Record<string, number>;
};

/** What a node had to do and could do by the end of its working day, as its last check found. Amounts in minor units. */
export type Pace = {
  at: number;
  /** The end of that day. */
  by: number;
  /** Order lines due by then, and those it can do. */
  lines: number;
  possible: number;
  orders: number;
  margin: number;
  penalty: number;
  channels: Record<string, number>;
};

/** What a node did lately while it had something to do, as its checks found: lines over hours of work, older ones fading. */
export type Flow = {
  at: number;
  /** `worked` as it was then, and the lines that were open. */
  worked: number;
  open: number;
  /** Of about the last hour of work, and of about the last week of it. */
  now: { lines: number; hours: number };
  usual: { lines: number; hours: number };
  /** The same of each weekday of the node, Monday first: some have more hands. */
  days: { lines: number; hours: number }[];
  /** Lines that were ordered. */
  comes: { lines: number; hours: number };
};

export type NodeLoad = {
  node: string;
  /** Sorted by hour; empty hours are left out. */
  slots: LoadSlot[];
  /** What impairs the node now, and the id of that impairment. */
  impaired: (Weakness & { impairment: string }) | null;
  recoveredAt: number;
  /** The source whose clock its checks follow; empty while none is set. */
  clock: string;
  pace: Pace | null;
  /** Lines picked there so far, and the source that told of the newest; absent before the first. */
  worked?: number;
  toldBy?: string;
  /** Absent before its first check. */
  flow?: Flow;
  lastWave: { wave: string; at: number; cutOff: number; orders: number; lines: number } | null;
  openExceptions: string[];
};

/** What keeps a node from its usual work: the share that is left. Times epoch ms; `until` is null when nobody knows. */
export type Weakness = { share: number; from: number; until: number | null };
