/** Finds out who calls and whether they may: deny by default. */
import type { Request } from 'express';
import { may, type Principal } from '../access/abilities.ts';
import type { Access } from '../access/index.ts';
import { isOurOrigin, sessionTokenOf } from '../access/origin.ts';
import { Refusal } from './problems.ts';
import type { Route } from './route.ts';

/** Null on routes for anyone. @throws Refusal 401 or 403 */
export async function authenticate(access: Access, route: Route, request: Request): Promise<Principal | null> {
  if (route.ability === 'anyone') return null;
  const principal = await findPrincipal(access, route, request);
  if (!may(principal.role, route.ability)) {
    throw new Refusal(403, {
      title: 'Not allowed',
      detail: `The role "${principal.role}" does not include "${route.ability}".`,
    });
  }
  return principal;
}

async function findPrincipal(access: Access, route: Route, request: Request): Promise<Principal> {
  const { authorization } = request.headers;
  if (route.credentials === 'key-as-password' || authorization !== undefined) {
    const key = route.credentials === 'key-as-password' ? keyOfDriver(request) : bearerOf(authorization);
    const principal = await access.authenticateKey(key);
    if (principal === undefined) throw unknown('The key is not valid, has expired or was revoked.');
    return principal;
  }
  // Events come with a key only: a browser attaches its cookie to whatever page asks it to.
  if (route.ability === 'write-events') throw unknown('Send the ingest key as "Authorization: Bearer tl_…".');
  const token = sessionTokenOf(request.headers, request.secure);
  const principal = token === undefined ? null : await access.principalOfToken(token);
  if (principal === null) throw unknown('Sign in, or send a read key as "Authorization: Bearer tl_…".');
  if (route.method !== 'get' && !isOurOrigin(request.headers, access.allowedOrigins)) {
    throw new Refusal(403, { title: 'Foreign origin', detail: 'This request was made by a page of another site.' });
  }
  return principal;
}

const bearerOf = (authorization: string | undefined) => /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';

/** The user a driver names is of no importance: the key says whose it is. */
function keyOfDriver({ headers }: Request): string {
  const key = headers['x-clickhouse-key'];
  if (typeof key === 'string') return key;
  const basic = /^Basic +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic === undefined) return bearerOf(headers.authorization);
  const text = Buffer.from(basic, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}

const unknown = (detail: string) => new Refusal(401, { title: 'Not authenticated', detail });
