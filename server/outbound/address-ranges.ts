/**
 * Which addresses belong to the public internet, by IANA's registries of special-purpose addresses. Everything else is
 * somebody's own network, this machine, or a service that hands out a cloud's credentials.
 */
import { BlockList, isIP } from 'node:net';

type Range = readonly [network: string, bits: number, words: string];

const v4: readonly Range[] = [
  ['0.0.0.0', 8, 'this machine'],
  ['10.0.0.0', 8, 'a private network'],
  ['100.64.0.0', 10, "a carrier's network"],
  ['127.0.0.0', 8, 'this machine'],
  ['169.254.0.0', 16, 'link-local'],
  ['172.16.0.0', 12, 'a private network'],
  ['192.0.0.0', 24, 'reserved'],
  ['192.0.2.0', 24, 'for documentation'],
  ['192.88.99.0', 24, 'reserved'],
  ['192.168.0.0', 16, 'a private network'],
  ['198.18.0.0', 15, 'for measurements'],
  ['198.51.100.0', 24, 'for documentation'],
  ['203.0.113.0', 24, 'for documentation'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
];
const v6: readonly Range[] = [
  ['::1', 128, 'this machine'],
  ['::', 128, 'this machine'],
  ['::ffff:0:0', 96, 'an IPv4 address in disguise'],
  ['::', 96, 'an IPv4 address in disguise'],
  ['64:ff9b:1::', 48, 'a private network'],
  ['fc00::', 7, 'a private network'],
  ['fe80::', 10, 'link-local'],
  ['fec0::', 10, 'a private network'],
  ['ff00::', 8, 'multicast'],
  ['2001::', 23, 'reserved'],
  ['2001:db8::', 32, 'for documentation'],
  ['2002::', 16, 'an IPv4 address in disguise'],
  ['3fff::', 20, 'for documentation'],
];
/** Where clouds answer their own machines, some of it among public addresses. */
const credentials = 'where clouds hand out credentials';
const v4OfClouds: readonly Range[] = [
  ['169.254.0.0', 16, credentials],
  ['168.63.129.16', 32, credentials],
  ['100.100.100.200', 32, credentials],
  ['192.0.0.192', 32, credentials],
];
const v6OfClouds: readonly Range[] = [
  ['fe80::', 10, credentials],
  ['fd00:ec2::254', 128, credentials],
  ['fd20:ce::254', 128, credentials],
];
/** By these, networks without IPv4 reach it: the last 32 bits are the address that is meant (RFC 6052). */
const NAT64 = '64:ff9b::';

type Family = 'ipv4' | 'ipv6';
const familyOf = (address: string): Family => (isIP(address) === 4 ? 'ipv4' : 'ipv6');

function rangesOf(four: readonly Range[], six: readonly Range[]) {
  const throughNat64 = four.map(([network, bits, words]): Range => [`${NAT64}${network}`, 96 + bits, words]);
  return [...four, ...six, ...throughNat64].map(([network, bits, words]) => {
    const list = new BlockList();
    const family = familyOf(network);
    list.addSubnet(network, bits, family);
    return { family, words, has: (address: string) => list.check(address, family) };
  });
}

const special = rangesOf([...v4OfClouds, ...v4], [...v6OfClouds, ...v6]);
const clouds = rangesOf(v4OfClouds, v6OfClouds);
const globalV6 = rangesOf(
  [],
  [
    ['2000::', 3, ''],
    [NAT64, 96, ''],
  ],
);

const find = (ranges: ReturnType<typeof rangesOf>, address: string) =>
  ranges.find((range) => range.family === familyOf(address) && range.has(address));

/** @returns what an address is that is not public, for a sentence (`a private network`); null when it is public */
export function notPublic(address: string): string | null {
  if (isIP(address) === 0 || address.includes('%')) return 'no plain address';
  const found = find(special, address);
  if (found !== undefined) return found.words;
  return familyOf(address) === 'ipv4' || find(globalV6, address) !== undefined ? null : 'reserved';
}

export const handsOutCredentials = (address: string): boolean => find(clouds, address) !== undefined;
