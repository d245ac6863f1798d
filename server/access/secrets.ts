import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const TOKEN_BYTES = 32;

/** 256 random bits. Strong enough that a plain SHA-256 is a safe way to store it. */
export const newToken = (bytes = TOKEN_BYTES): string => randomBytes(bytes).toString('base64url');
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Compares two hashes of equal length without telling by time where they differ. */
export function sameHash(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
