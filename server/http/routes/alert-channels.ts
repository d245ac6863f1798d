/** Where alerts go: seen by everybody who sees alerts, set up by admins, and tried with a button. */
import { may } from '../../access/abilities.ts';
import type { ChannelRefusal } from '../../alerts/channels/index.ts';
import {
  alertChannelList,
  alertChannelRequest,
  alertChannelSaved,
  alertChannelTested,
  secretRotation,
} from '../contract/alert-channels.ts';
import { notFound, Refusal } from '../problems.ts';
import { type HandlerDeps, type Route, route } from '../route.ts';
import { actorOf } from './access-people.ts';

const refusals: Record<ChannelRefusal, () => Refusal> = {
  absent: () => notFound('This channel'),
  overtaken: () =>
    new Refusal(409, {
      title: 'Changed meanwhile',
      detail: 'There is another version of this channel by now.',
      remedy: 'Load it again; a new one needs an id of its own.',
    }),
  'too-many': () =>
    new Refusal(409, {
      title: 'Too many',
      detail: 'There are as many channels as there may be.',
      remedy: 'Remove one.',
    }),
  'signs-nothing': () =>
    new Refusal(409, { title: 'Nothing is signed', detail: 'Only webhooks are signed with a secret made here.' }),
};

/** What still leads to a channel in the policy of alerts would lead nowhere: nobody would be told. */
async function mustNotBeNamed({ readModel }: HandlerDeps, id: string): Promise<void> {
  const policies = (await readModel.policies()) ?? [];
  const body = policies.find(({ policy }) => policy === 'alerts')?.body;
  if (!JSON.stringify(body ?? {}).includes(JSON.stringify(`channel:${id}`))) return;
  throw new Refusal(409, {
    title: 'Still in use',
    detail: 'The policy "alerts" names this channel: who is told by it would not be told any more.',
    remedy: 'Name others there first, or switch the channel off.',
  });
}

export const alertChannelRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/alert-channels',
    summary: 'The channels alerts go to. How they are set up is shown to those who manage them; secrets to nobody.',
    ability: 'see-alerts',
    status: 200,
    answer: alertChannelList,
    handle: async ({ readModel }, call) => readModel.alertChannels.list(may(call.principal!.role, 'manage-alerts')),
  }),
  route({
    method: 'post',
    path: '/v1/alert-channels',
    summary:
      'Set up a channel, or change one. A secret that is left out stays as it is, while it goes to the same place.',
    ability: 'manage-alerts',
    body: alertChannelRequest,
    status: 200,
    answer: alertChannelSaved,
    handle: async ({ readModel }, call) => {
      const saved = await readModel.alertChannels.save(call.body, actorOf(call).name);
      if (typeof saved === 'string') throw refusals[saved]();
      if ('path' in saved) {
        throw new Refusal(400, { title: 'Invalid request', detail: 'One field is not right.', errors: [saved] });
      }
      return saved;
    },
  }),
  route({
    method: 'post',
    path: '/v1/alert-channels/:id/test',
    summary: 'Send a test message now. It says that it is one, and leaves nothing open.',
    ability: 'manage-alerts',
    status: 200,
    answer: alertChannelTested,
    handle: async ({ readModel, access }, call) => {
      const seconds = await access.limits.spend('alert-test', call.principal!.id);
      if (seconds > 0) throw new Refusal(429, { title: 'Too many requests', remedy: `Wait ${seconds} s.` }, seconds);
      const { name, timeZone } = await readModel.workspace();
      const where = { workspace: name, timeZone };
      const tested = await readModel.alertChannels.test(call.params['id'] ?? '', actorOf(call).name, where);
      if (tested === null) throw refusals.absent();
      return tested;
    },
  }),
  route({
    method: 'post',
    path: '/v1/alert-channels/:id/rotate',
    summary: 'Sign the calls of a webhook with another secret; the one before signs beside it for a while.',
    ability: 'manage-alerts',
    body: secretRotation,
    status: 200,
    answer: alertChannelSaved,
    handle: async ({ readModel }, call) => {
      const { oldWorksForHours } = call.body;
      const rotated = await readModel.alertChannels.rotate(
        call.params['id'] ?? '',
        oldWorksForHours,
        actorOf(call).name,
      );
      if (typeof rotated === 'string') throw refusals[rotated]();
      return rotated;
    },
  }),
  route({
    method: 'delete',
    path: '/v1/alert-channels/:id',
    summary: 'Remove a channel. 409: the policy "alerts" still names it.',
    ability: 'manage-alerts',
    status: 204,
    answer: null,
    handle: async (deps, call) => {
      const { id = '' } = call.params;
      await mustNotBeNamed(deps, id);
      if (!(await deps.readModel.alertChannels.remove(id, actorOf(call).name))) throw refusals.absent();
    },
  }),
];
