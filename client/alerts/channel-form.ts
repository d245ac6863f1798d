/** The form of a channel: what is filled in, and the request it becomes. A secret that is left empty stays as it is. */
import { reactive } from 'vue';
import {
  type AlertChannel,
  type AlertChannelKind,
  type AlertChannelRequestInput,
  type mailSecurities,
  pagerDutyAddresses,
  type slackMentions,
} from '../../server/http/contract/alert-channels.ts';
import { addressesIn } from '../reports/report-words.ts';
import { idOf } from './channel-words.ts';

const SUBMISSION_PORT = 587;

export type ChannelForm = {
  id: string;
  name: string;
  kind: AlertChannelKind;
  recipients: string;
  from: string;
  ownServer: boolean;
  host: string;
  port: number;
  security: (typeof mailSecurities)[number];
  user: string;
  url: string;
  mention: (typeof slackMentions)[number];
  region: 'us' | 'eu' | 'other';
  /** What is written here is never read again. */
  secret: string;
};

export function channelForm(known?: AlertChannel): ChannelForm {
  const form: ChannelForm = {
    id: known?.id ?? '',
    name: known?.name ?? '',
    kind: known?.kind ?? 'email',
    recipients: '',
    from: '',
    ownServer: false,
    host: '',
    port: SUBMISSION_PORT,
    security: 'starttls',
    user: '',
    url: '',
    mention: 'nobody',
    region: 'us',
    secret: '',
  };
  const settings = known?.settings;
  if (settings?.kind === 'email') {
    const { host, port, security, user } = settings.server ?? form;
    const own = { ownServer: settings.server !== null, host, port, security, user };
    Object.assign(form, own, { recipients: settings.recipients.join(', '), from: settings.from ?? '' });
  }
  if (settings?.kind === 'slack') form.mention = settings.mention;
  if (settings?.kind === 'pagerduty') {
    const region = Object.entries(pagerDutyAddresses).find(([, url]) => url === settings.url)?.[0];
    Object.assign(form, { region: region ?? 'other', url: region === undefined ? settings.url : '' });
  }
  return reactive(form);
}

export function requestOf(form: ChannelForm, known?: AlertChannel): AlertChannelRequestInput {
  return {
    id: known?.id ?? (form.id.trim() || idOf(form.name)),
    version: known?.version ?? 0,
    name: form.name,
    on: known?.on ?? true,
    settings: settingsOf(form),
  };
}

function settingsOf(form: ChannelForm): AlertChannelRequestInput['settings'] {
  const given = <N extends string>(name: N, value: string) =>
    (value.trim() === '' ? {} : { [name]: value.trim() }) as { [K in N]?: string };
  switch (form.kind) {
    case 'email': {
      const { host, port, security, user } = form;
      const server = form.ownServer
        ? { host: host.trim(), port, security, user, ...given('password', form.secret) }
        : null;
      return { kind: 'email', recipients: addressesIn(form.recipients), server, from: form.from.trim() || null };
    }
    case 'slack':
      return { kind: 'slack', mention: form.mention, ...given('url', form.url) };
    case 'teams':
      return { kind: 'teams', ...given('url', form.url) };
    case 'pagerduty': {
      const url = form.region === 'other' ? form.url.trim() : pagerDutyAddresses[form.region];
      return { kind: 'pagerduty', url, ...given('routingKey', form.secret) };
    }
    case 'webhook':
      return { kind: 'webhook', ...given('url', form.url), ...given('authorization', form.secret) };
  }
}
