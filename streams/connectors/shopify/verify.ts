/** Shopify signs the raw body: base64 of HMAC-SHA256. The headers are not signed, so they are only hints. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Node gives header names in lower case. The newer "Events" product leaves the prefix out. */
const signatureHeaders = ['x-shopify-hmac-sha256', 'shopify-hmac-sha256'];
const topicHeaders = ['x-shopify-topic', 'shopify-topic'];

export const topicOf = (headers: IncomingHttpHeaders) => firstOf(headers, topicHeaders);

/** @param secrets all live ones: for an hour after a rotation deliveries still come signed with the old one */
export function verify(rawBody: Buffer, headers: IncomingHttpHeaders, secrets: readonly string[]): boolean {
  const given = Buffer.from(firstOf(headers, signatureHeaders) ?? '', 'base64');
  let valid = false;
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(rawBody).digest();
    if (given.length === expected.length && timingSafeEqual(given, expected)) valid = true;
  }
  return valid;
}

function firstOf(headers: IncomingHttpHeaders, names: string[]): string | undefined {
  for (const name of names) {
    const value = headers[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}
