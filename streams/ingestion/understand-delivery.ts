/** From a stored delivery to events: pure, so that a replay of the same bytes gives the same events. */
import type { Connector, Memory, Settings } from '../connectors/connector.ts';
import { understandCloudEvent } from '../events/envelope.ts';
import type { Event } from '../events/index.ts';
import type { DeliveryJob, WebhookJob } from './deliveries.ts';
import { readItems, readJson } from './lossless-json.ts';

export type UnderstoodDelivery = {
  events: Event[];
  ignored: string[];
  remember: Memory[];
  /** What could not be understood although it should be; the delivery becomes a dead letter with this reason. */
  problem?: string;
};

const PROBLEMS_SHOWN_MAX = 5;
/** What only Tideline itself may state: clocks, detectors, people at the screen, the way in. */
const ownTypes =
  /^(deadline|anomaly|exception|latency|delivery|policy|kpi|action)\.|^instruction\.(repeated|withdrawn)$/;

/** Why an event may not come from whoever sent it; undefined when it may. @param writes the source a key may write, or `*` */
export function whyNotFrom(event: { source: string; type: string }, writes: string): string | undefined {
  if (event.source === 'tideline' || ownTypes.test(event.type)) {
    return `type: "${event.type}" from "${event.source}" can only be stated by Tideline itself`;
  }
  if (writes === '*' || writes === event.source) return undefined;
  return `source: this key may write events of "${writes}" only`;
}

export function webhookBody(job: WebhookJob): Buffer {
  return Buffer.from(job.body, job.base64 ? 'base64' : 'utf8');
}

export function understandWebhook(
  job: WebhookJob,
  connector: Connector | undefined,
  settings: Settings,
  remembered: (name: string) => string | undefined,
): UnderstoodDelivery {
  if (connector === undefined) return refuse(`connector: "${job.connector}" is not installed`);
  const body = readJson(webhookBody(job));
  if ('problem' in body) return refuse(body.problem);
  const understanding = connector.understand(job.topic, body.value, { source: job.source, settings, remembered });
  if ('problem' in understanding) return refuse(understanding.problem);
  const events: Event[] = [];
  const problems: string[] = [];
  for (const derived of understanding.events) {
    const cloudEvent = { specversion: '1.0', source: job.source, ...derived };
    const understood = understandCloudEvent(cloudEvent, job.receivedAt);
    if ('event' in understood) events.push(understood.event);
    else problems.push(`${derived.type} ${derived.id}: ${understood.problem}`);
  }
  const problem = problems.length === 0 ? undefined : problems.slice(0, PROBLEMS_SHOWN_MAX).join('; ');
  return { events, ignored: understanding.ignored, remember: understanding.remember ?? [], problem };
}

/** Items that were refused once, tried again after a fix of ours. */
export function understandRefused(job: DeliveryJob & { kind: 'refused' }): UnderstoodDelivery & { left: string[] } {
  const items = readItems(Buffer.from(job.lines), 'lines');
  if ('problem' in items) return { ...refuse(items.problem), left: [job.lines] };
  const events: Event[] = [];
  const left: string[] = [];
  let problem: string | undefined;
  for (const item of items.value) {
    const understood = 'value' in item ? understandCloudEvent(item.value, job.receivedAt) : item;
    const why = 'event' in understood ? whyNotFrom(understood.event, job.writes) : understood.problem;
    if ('event' in understood && why === undefined) events.push(understood.event);
    else {
      problem ??= why;
      left.push('value' in item ? JSON.stringify(item.value) : item.raw);
    }
  }
  return { events, ignored: [], remember: [], problem, left };
}

const refuse = (problem: string): UnderstoodDelivery => ({ events: [], ignored: [], remember: [], problem });
