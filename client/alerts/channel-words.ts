/** What channels are called, and what has to be known to set one up. */
import type { AlertChannelKind } from '../../server/http/contract/alert-channels.ts';

export const channelKindWords: Record<AlertChannelKind, string> = {
  email: 'E-mail',
  slack: 'Slack',
  teams: 'Microsoft Teams',
  pagerduty: 'PagerDuty',
  webhook: 'Webhook',
};

/** Where the address or key is found in the other product. */
export const channelHints: Record<AlertChannelKind, string> = {
  email: 'One mail to all of these addresses.',
  slack: 'In Slack: your app, Incoming Webhooks, Add New Webhook to Workspace.',
  teams: 'In Teams: the channel, Workflows, “Post to a channel when a webhook request is received”.',
  pagerduty: 'In PagerDuty: the service, Integrations, Events API v2, Integration Key.',
  webhook: 'Every message is a POST with a JSON body, signed as Standard Webhooks describes it.',
};

/** A name as part of an id: `Ops on call` becomes `ops-on-call`. */
export function idOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
}
