import type { IncomingHttpHeaders } from 'node:http';

const HEADERS_MAX = 20;
const VALUE_CHARACTERS_MAX = 300;
const secretive = /hmac|signature|token|auth|secret|key|cookie|forwarded|real-ip/;

/** What helps to understand a delivery later. Never credentials, never addresses of people. */
export function headersToKeep(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  let count = 0;
  for (const [name, value] of Object.entries(headers)) {
    const wanted =
      name === 'content-type' || name === 'user-agent' || name.startsWith('x-') || name.startsWith('shopify-');
    if (!wanted || typeof value !== 'string' || secretive.test(name) || ++count > HEADERS_MAX) continue;
    kept[name] = value.slice(0, VALUE_CHARACTERS_MAX);
  }
  return kept;
}
