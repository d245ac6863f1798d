/** The shape of what each node has to do. */

/** Open work of one node that is due in one hour. */
export type LoadSlot = {
  /** Hours since 1970. */
  slot: number;
  /** Order lines not picked yet. */
  lines: number;
  orders: number;
  /** Sales value less cost of the units still to ship, in minor units. */
  margin: number;
  /** Its orders per channel. */
  channels: Record<string, number>;
};

/** Work that a node will not finish in time, as its last check found. */
export type Overload = { at: number; by: number; lines: number; possible: number; margin: number; penalty: number };

export type NodeLoad = {
  node: string;
  /** Sorted by hour; empty hours are left out. */
  slots: LoadSlot[];
  /** What impairs the node now, and the id of that impairment. */
  impaired: (Weakness & { impairment: string }) | null;
  recoveredAt: number;
  /** The source whose clock its checks follow; empty while none is set. */
  clock: string;
  over: Overload | null;
  openExceptions: string[];
};

/** What keeps a node from its usual work: the share that is left. Times epoch ms; `until` is null when nobody knows. */
export type Weakness = { share: number; from: number; until: number | null };
