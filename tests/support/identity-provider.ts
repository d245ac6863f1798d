/** A small identity provider over real HTTP: it signs in whoever it is told to, and can be told to cheat. */
import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Cheat =
  | 'nonce'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'alg-none'
  | 'other-key'
  | 'no-id-token'
  | 'denied'
  | null;
type Person = { sub: string; email?: string; email_verified?: boolean; name?: string; groups?: string | string[] };
type Grant = { nonce: string; challenge: string; redirectUri: string };

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

export async function startIdentityProvider(options: { clientId: string; clientSecret: string }) {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const strangers = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const grants = new Map<string, Grant>();
  const told = { person: null as Person | null, cheat: null as Cheat, isAway: false };
  const server = createServer((request, response) => {
    const json = (body: object, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const url = new URL(request.url ?? '/', issuer);
    if (told.isAway) return void response.destroy();
    if (url.pathname === '/.well-known/openid-configuration') return json(metadata());
    if (url.pathname === '/jwks')
      return json({ keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] });
    if (url.pathname === '/authorize') return void response.writeHead(302, { location: authorize(url) }).end();
    if (url.pathname === '/token') return void readForm(request).then((form) => json(...exchange(form)));
    json({}, 404);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const metadata = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
  });

  function authorize({ searchParams }: URL): string {
    const back = new URL(searchParams.get('redirect_uri')!);
    back.searchParams.set('state', searchParams.get('state')!);
    if (told.cheat === 'denied') {
      back.searchParams.set('error', 'access_denied');
      return back.href;
    }
    const code = randomUUID();
    grants.set(code, {
      nonce: searchParams.get('nonce')!,
      challenge: searchParams.get('code_challenge')!,
      redirectUri: searchParams.get('redirect_uri')!,
    });
    back.searchParams.set('code', code);
    return back.href;
  }

  function exchange(form: URLSearchParams): [object, number?] {
    const grant = grants.get(form.get('code') ?? '');
    grants.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isOurs = form.get('client_id') === options.clientId && form.get('client_secret') === options.clientSecret;
    if (
      grant === undefined ||
      !isOurs ||
      challenge !== grant.challenge ||
      form.get('redirect_uri') !== grant.redirectUri
    ) {
      return [{ error: 'invalid_grant' }, 400];
    }
    const token = told.cheat === 'no-id-token' ? {} : { id_token: idToken(grant) };
    return [{ access_token: randomUUID(), token_type: 'Bearer', expires_in: 60, ...token }];
  }

  function idToken({ nonce }: Grant): string {
    const { cheat } = told;
    const seconds = Math.floor(Date.now() / 1_000) - (cheat === 'expired' ? 7_200 : 0);
    const claims = {
      iss: cheat === 'issuer' ? 'http://127.0.0.1:1' : issuer,
      aud: cheat === 'audience' ? 'somebody-else' : options.clientId,
      nonce: cheat === 'nonce' ? 'another' : nonce,
      iat: seconds,
      exp: seconds + 300,
      ...told.person,
    };
    const header = { typ: 'JWT', kid: 'one', alg: cheat === 'alg-none' ? 'none' : 'RS256' };
    const content = `${base64(header)}.${base64(claims)}`;
    return `${content}.${cheat === 'alg-none' ? '' : signed(content, (cheat === 'other-key' ? strangers : keys).privateKey)}`;
  }

  return {
    issuer,
    told,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

const signed = (content: string, key: KeyObject) => sign('sha256', Buffer.from(content), key).toString('base64url');

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
