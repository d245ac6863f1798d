/**
 * Targets in networks of one's own that the operator of the server allowed: `mail.internal`, `*.corp.example`,
 * `10.1.0.0/16`, `192.168.1.5:8065`, `[fd00::5]:25`. Without a port, every port. Where a cloud hands out credentials is
 * reached only by an entry that names its address: a name that leads there, or a wide network, means something else.
 */
import { BlockList, isIP } from 'node:net';
import { handsOutCredentials } from './address-ranges.ts';

type Entry = {
  port: number | null;
  /** By the name that is asked for. */
  name: ((host: string) => boolean) | null;
  /** By the address that is reached. */
  network: ((address: string) => boolean) | null;
};
export type AllowedTargets = readonly Entry[];

/** @throws Error with words about the entry that is not right */
export const readAllowedTargets = (list: readonly string[]): AllowedTargets => list.map(readEntry);

function readEntry(text: string): Entry {
  const [, bracketed, plain, portText] =
    /^(?:\[([^\]]+)\]|([^[\]]*?))(?::(\d{1,5}))?$/.exec(colonsInBrackets(text)) ?? [];
  const host = bracketed ?? plain ?? '';
  const port = portText === undefined ? null : Number(portText);
  if (port !== null && (port < 1 || port > 65_535)) throw new Error(`"${text}" has no port from 1 to 65535`);
  const [address = '', bitsText] = host.split('/');
  if (isIP(address) !== 0) return { port, name: null, network: networkOf(text, address, bitsText) };
  if (bracketed !== undefined) throw new Error(`"${text}" has no address in its brackets`);
  const name = host.toLowerCase().replace(/\.$/, '');
  if (!/^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/.test(name))
    throw new Error(`"${text}" is neither a host name nor an address`);
  const matches = name.startsWith('*.')
    ? (asked: string) => asked.endsWith(name.slice(1))
    : (asked: string) => asked === name;
  return { port, network: null, name: (asked) => matches(asked.toLowerCase().replace(/\.$/, '')) };
}

/** A bare IPv6 address or network has no port: its last group would be taken for one. */
const colonsInBrackets = (text: string): string =>
  !text.startsWith('[') && text.split(':').length > 2 ? `[${text}]` : text;

function networkOf(text: string, address: string, bitsText: string | undefined): (address: string) => boolean {
  const family = isIP(address) === 4 ? ('ipv4' as const) : ('ipv6' as const);
  const bitsMax = family === 'ipv4' ? 32 : 128;
  const bits = bitsText === undefined ? bitsMax : Number(bitsText);
  if (!/^\d*$/.test(bitsText ?? '') || bitsText === '' || bits > bitsMax)
    throw new Error(`"${text}" has no prefix from 0 to ${bitsMax}`);
  const list = new BlockList();
  list.addSubnet(address, bits, family);
  const meansClouds = handsOutCredentials(address);
  return (asked) =>
    (isIP(asked) === 4 ? 'ipv4' : 'ipv6') === family &&
    list.check(asked, family) &&
    (meansClouds || !handsOutCredentials(asked));
}

/** @param host as it was asked for, a name or an address; `address` is what it leads to */
export function isAllowed(targets: AllowedTargets, asked: { host: string; port: number; address: string }): boolean {
  return targets.some(
    ({ port, name, network }) =>
      (port === null || port === asked.port) &&
      (network?.(asked.address) === true || (name?.(asked.host) === true && !handsOutCredentials(asked.address))),
  );
}
