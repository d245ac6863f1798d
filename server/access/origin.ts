import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request that carries a cookie was made by a page of ours. Browsers name the origin of whatever another
 * site could forge; a client that names none is no browser, and nobody else's cookies are in its hands.
 * @param allowed further origins under which the same server is reached, such as `https://wall.example.com`
 */
export function isOurOrigin(headers: IncomingHttpHeaders, allowed: readonly string[] = []): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  try {
    return host !== undefined && new URL(origin).host === host;
  } catch {
    return false; // `null`, as sandboxed pages send it.
  }
}

export const cookieNames = ['__Host-tideline', 'tideline'] as const;
export const cookieNameFor = (secure: boolean) => (secure ? cookieNames[0] : cookieNames[1]);

const COOKIE_HEADER_MAX = 8_192;

/** The session token in the cookie header. Over https only the `__Host-` name counts: others could be set by a neighbour. */
export function sessionTokenOf(headers: IncomingHttpHeaders, secure: boolean): string | undefined {
  const name = cookieNameFor(secure);
  for (const pair of (headers.cookie ?? '').slice(0, COOKIE_HEADER_MAX).split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value)) return value;
  }
  return undefined;
}
