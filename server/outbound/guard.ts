/**
 * Decides where we may connect to: a name is resolved once, every address it leads to must be public or allowed by the
 * operator, and the connection goes to those addresses, so that a second answer of DNS changes nothing.
 */
import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { notPublic } from './address-ranges.ts';
import { type AllowedTargets, isAllowed } from './allowed-targets.ts';
import { type Lookup, lookupInTurn } from './lookup.ts';

/** Why nothing was sent, in words that carry no secret. `final`: it stays so until somebody changes something. */
export class NotSendable extends Error {
  readonly final: boolean;

  constructor(message: string, { final = false } = {}) {
    super(message);
    this.final = final;
  }
}

export type Approved = {
  host: string;
  port: number;
  addresses: readonly LookupAddress[];
};
export type Guard = ReturnType<typeof openGuard>;

const ADDRESSES_MAX = 16;

/** @param lookup every address of a name */
export function openGuard({ allowed, lookup = lookupInTurn }: { allowed: AllowedTargets; lookup?: Lookup }) {
  /**
   * @param host a name, or an address with or without brackets
   * @param inTheClear nothing protects what is sent: for targets that the operator allowed
   * @throws NotSendable
   */
  async function approve(asked: { host: string; port: number; inTheClear: boolean }, signal: AbortSignal) {
    const { port, inTheClear } = asked;
    const host = asked.host.replace(/^\[|\]$/g, '');
    const isLiteral = isIP(host) !== 0;
    const found = isLiteral ? [{ address: host, family: isIP(host) }] : await resolved(host, lookup, signal);
    const addresses = found.slice(0, ADDRESSES_MAX);
    for (const { address } of addresses) {
      if (isAllowed(allowed, { host, port, address })) continue;
      const what = notPublic(address);
      // What a name leads to can change; an address stays what it is.
      if (what !== null) throw new NotSendable(refusalOf({ host, address, what, isLiteral }), { final: isLiteral });
      if (inTheClear) throw new NotSendable(`${host} is reached over the internet, and needs TLS.`, { final: true });
    }
    return { host, port, addresses } satisfies Approved;
  }

  return { approve };
}

const refusalOf = ({
  host,
  address,
  what,
  isLiteral,
}: Record<'host' | 'address' | 'what', string> & { isLiteral: boolean }) =>
  `${isLiteral ? host : `${host} leads to ${address}, which`} is ${what}: nothing is sent there unless whoever runs this server allows it (--allowed-targets).`;

async function resolved(host: string, lookup: Lookup, signal: AbortSignal): Promise<LookupAddress[]> {
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const found = await Promise.race([lookup(host), stopped.promise]);
    if (found.length === 0) throw new NotSendable(`No address is known for ${host}.`);
    return found;
  } catch (error) {
    if (signal.aborted || error instanceof NotSendable) throw error;
    throw new NotSendable(`No address is known for ${host} (${(error as NodeJS.ErrnoException).code ?? 'no answer'}).`);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** For Node's own connecting: answers with what was approved, whatever it asks. */
export const approvedLookup =
  ({ addresses }: Approved): LookupFunction =>
  (_host, options, callback) => {
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, addresses[0]!.address, addresses[0]!.family);
  };

/** Ends a connection that leads anywhere else. A look at the result, in case Node's ways of connecting change. */
export function mustLeadTo({ host, addresses }: Approved, socket: Socket): void {
  const check = () => {
    const { remoteAddress } = socket;
    if (remoteAddress !== undefined && addresses.some(({ address }) => sameAddress(address, remoteAddress))) return;
    socket.destroy(new NotSendable(`The connection to ${host} led somewhere else.`));
  };
  if (socket.connecting) socket.once('connect', check);
  else check();
}

const sameAddress = (one: string, other: string): boolean =>
  one === other || (isIP(one) === 6 && isIP(other) === 6 && canonical(one) === canonical(other));
const canonical = (address: string): string => new URL(`http://[${address}]`).hostname;
