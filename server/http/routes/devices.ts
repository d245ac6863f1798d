/** Wall screens: a screen asks to be paired, an admin approves it by its code. */
import type { Request } from 'express';
import {
  device,
  deviceApproval,
  deviceChange,
  devicesAnswer,
  pairing,
  pairingClaim,
  pairingCode,
  pairingState,
  waitingPairing,
} from '../contract/devices.ts';
import { notFound, Refusal, unavailable } from '../problems.ts';
import { type Route, route } from '../route.ts';
import { fromOf, giveSession, refuseForeign, tooMany } from '../session-cookie.ts';
import { actorOf } from './access-people.ts';

/** As long as browsers keep a cookie at most; the server ends a screen much earlier when nobody sees it. */
const COOKIE_MS_MAX = 400 * 24 * 3_600_000;
const RETRY_AFTER_SECONDS = 60;

const codeIsOver = () => notFound('A screen that waits with this code');
const addressOf = (request: Request) => fromOf(request).address;

export const deviceRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/v1/devices/pairings',
    summary: 'A screen asks to be paired: a code to show, and a secret to keep and claim with.',
    ability: 'anyone',
    status: 201,
    answer: pairing,
    handle: async (deps, call) => {
      refuseForeign(deps, call);
      const begun = await deps.access.devices.beginPairing(fromOf(call.request));
      if (typeof begun === 'number') throw tooMany(begun);
      return begun ?? Promise.reject(unavailable('Too many screens wait to be paired.', RETRY_AFTER_SECONDS));
    },
  }),
  route({
    method: 'post',
    path: '/v1/devices/pairings/claim',
    summary: 'Whether the code was approved; then the session of the screen comes as a cookie. 404: begin again.',
    ability: 'anyone',
    body: pairingClaim,
    status: 200,
    answer: pairingState,
    handle: async (deps, call) => {
      refuseForeign(deps, call);
      const { code, secret } = call.body;
      const claimed = await deps.access.devices.claim(code, secret, addressOf(call.request));
      if (typeof claimed === 'number') throw tooMany(claimed);
      if (claimed === undefined) throw codeIsOver();
      if (claimed.state === 'waiting') return claimed;
      await giveSession(deps, call, claimed.token, COOKIE_MS_MAX);
      return { state: claimed.state, device: claimed.device };
    },
  }),
  route({
    method: 'get',
    path: '/v1/access/pairings/:code',
    summary: 'Which screen waits with this code: where it is and what it runs, to be compared before it is approved.',
    ability: 'manage-access',
    status: 200,
    answer: waitingPairing,
    handle: async ({ access }, { params }) => {
      const code = pairingCode.safeParse(params['code']);
      const found = code.success ? await access.devices.lookAtPairing(code.data) : undefined;
      return found ?? Promise.reject(codeIsOver());
    },
  }),
  route({
    method: 'get',
    path: '/v1/access/devices',
    summary: 'The paired wall screens.',
    ability: 'manage-access',
    status: 200,
    answer: devicesAnswer,
    handle: async ({ access }) => ({ items: await access.devices.list() }),
  }),
  route({
    method: 'post',
    path: '/v1/access/devices',
    summary: 'Approve the screen that shows this code, with a name and the boards it may show.',
    ability: 'manage-access',
    body: deviceApproval,
    status: 201,
    answer: device,
    handle: async ({ access }, call) => {
      const approved = await access.devices.approve(actorOf(call), call.body);
      if (approved === 'absent') throw codeIsOver();
      if (approved === 'too-many') throw new Refusal(409, { title: 'Too many screens', remedy: 'Revoke one.' });
      return approved;
    },
  }),
  route({
    method: 'post',
    path: '/v1/access/devices/:id',
    summary: 'Another name or other boards for a screen.',
    ability: 'manage-access',
    body: deviceChange,
    status: 204,
    answer: null,
    handle: async ({ access }, call) => {
      const isThere = await access.devices.change(actorOf(call), call.params['id'] ?? '', call.body);
      if (!isThere) throw notFound('This screen');
    },
  }),
  route({
    method: 'delete',
    path: '/v1/access/devices/:id',
    summary: 'Revoke a screen: it is out within five seconds.',
    ability: 'manage-access',
    status: 204,
    answer: null,
    handle: async ({ access }, call) => {
      if (!(await access.devices.revoke(actorOf(call), call.params['id'] ?? ''))) throw notFound('This screen');
    },
  }),
];
