/** What a channel was told last about a SKU. */
export type Availability = {
  sku: string;
  channel: string;
  published: number;
  /** The channel's ATP when it was told; the difference is clamping and the policy's upper bound. */
  atp: number;
  /** Grows with every publication of the workspace: a reader asks for what is newer than what it has. */
  version: number;
  at: number;
};
