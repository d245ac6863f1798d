/** Keys of machines and secrets of webhooks, as an admin handles them. */
import { connectorNames } from '../../../streams/connectors/index.ts';
import type { MachineKey } from '../../access/machine-keys.ts';
import { newToken } from '../../access/secrets.ts';
import {
  createdKey,
  keyRequest,
  keyRotation,
  type MachineKeyView,
  machineKeys,
  webhookSecretAdded,
  webhookSecretRequest,
  webhooksAnswer,
} from '../contract/machine-keys.ts';
import { notFound, Refusal } from '../problems.ts';
import { type Route, route } from '../route.ts';
import { actorOf } from './access-people.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

const viewOf = (key: MachineKey & { lastUsedAt?: number | null }): MachineKeyView => {
  const { id, source, scope, createdAt, expiresAt, lastUsedAt = null } = key;
  return { id, source, scope, createdAt, expiresAt, lastUsedAt, replaced: key.replacedBy !== undefined };
};

const keyRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/access/keys',
    summary: 'The machine keys, without their secrets.',
    ability: 'manage-access',
    status: 200,
    answer: machineKeys,
    handle: async ({ access }) => ({ items: (await access.listKeys()).map(viewOf) }),
  }),
  route({
    method: 'post',
    path: '/v1/access/keys',
    summary: 'Make a machine key. Its text is in this answer and nowhere else.',
    ability: 'manage-access',
    body: keyRequest,
    status: 201,
    answer: createdKey,
    handle: async ({ access, now }, call) => {
      const { source, scope, expiresInDays } = call.body;
      const end = expiresInDays === undefined ? {} : { expiresAt: now() + expiresInDays * DAY_MS };
      const { key, text } = await access.createKey(actorOf(call).name, { source, scope, ...end });
      return { key: viewOf(key), text };
    },
  }),
  route({
    method: 'post',
    path: '/v1/access/keys/:id/rotate',
    summary: 'A second key for the same source; the first one works for a while beside it.',
    ability: 'manage-access',
    body: keyRotation,
    status: 201,
    answer: createdKey,
    handle: async ({ access }, call) => {
      const { id = '' } = call.params;
      const made = await access.rotateKey(actorOf(call).name, id, call.body.oldWorksForHours * HOUR_MS);
      if (made === 'absent') throw notFound('A key that works, with this id,');
      if (made === 'two-live') {
        const detail = 'Two keys of this source work already: one is about to end.';
        throw new Refusal(409, { title: 'Two keys work', detail, remedy: 'Revoke the older one first.' });
      }
      return { key: viewOf(made.key), text: made.text };
    },
  }),
  route({
    method: 'delete',
    path: '/v1/access/keys/:id',
    summary: 'Revoke a machine key, within two seconds everywhere.',
    ability: 'manage-access',
    status: 204,
    answer: null,
    handle: async ({ access }, call) => {
      if (!(await access.revokeKey(actorOf(call).name, call.params['id'] ?? ''))) throw notFound('This key');
    },
  }),
];

const webhookRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/access/webhooks',
    summary: 'Which sources call by webhook and how many secrets sign for each; never the secrets.',
    ability: 'manage-access',
    status: 200,
    answer: webhooksAnswer,
    handle: async ({ access }) => ({
      items: (await access.webhookSources()).map(({ source, connector, secrets }) => ({
        source,
        connector,
        secrets: secrets.length,
      })),
      connectors: [...connectorNames],
    }),
  }),
  route({
    method: 'post',
    path: '/v1/access/webhooks',
    summary: 'Add a secret to a webhook source, new or known. The secrets before it work on, up to three.',
    ability: 'manage-access',
    body: webhookSecretRequest,
    status: 201,
    answer: webhookSecretAdded,
    handle: async ({ access }, call) => {
      const { source, connector, secret: given } = call.body;
      if (!connectorNames.includes(connector as never)) {
        const errors = [{ path: 'connector', message: `is none of ${connectorNames.join(', ')}` }];
        throw new Refusal(400, { title: 'Invalid request', detail: 'There is no such connector.', errors });
      }
      const secret = given ?? newToken();
      await access.addWebhookSecret(actorOf(call).name, { source, connector, secret });
      const stored = await access.webhookSource(source);
      const secrets = stored?.secrets.length ?? 0;
      return { source, connector, secrets, secret: given === undefined ? secret : null };
    },
  }),
  route({
    method: 'post',
    path: '/v1/access/webhooks/:source/keep-newest',
    summary: 'End every secret of a webhook source but the newest: the end of a rotation.',
    ability: 'manage-access',
    status: 204,
    answer: null,
    handle: async ({ access }, call) => {
      const { source = '' } = call.params;
      if (!(await access.keepNewestWebhookSecret(actorOf(call).name, source))) throw notFound('This webhook source');
    },
  }),
  route({
    method: 'delete',
    path: '/v1/access/webhooks/:source',
    summary: 'Take calls of this webhook source no longer.',
    ability: 'manage-access',
    status: 204,
    answer: null,
    handle: async ({ access }, call) => {
      const { source = '' } = call.params;
      if (!(await access.removeWebhook(actorOf(call).name, source))) throw notFound('This webhook source');
    },
  }),
];

export const machineKeyRoutes: readonly Route[] = [...keyRoutes, ...webhookRoutes];
