/** A preview as sentences that a planner reads before deciding. */
import type { ActionPreview } from '../http/contract/actions.ts';

/** More than these are counted instead of told. */
const SENTENCES_PER_SUBJECT_MAX = 5;

type Told = Pick<ActionPreview, 'refused' | 'exceptions' | 'orders' | 'stock' | 'channels' | 'instructions'>;

export function sentencesOf(told: Told): string[] {
  if (told.refused !== null) return [`Refused: ${told.refused}.`];
  const sentences = [
    ...shorten(told.exceptions.map(ofException), 'exceptions change'),
    ...shorten(told.orders.flatMap(ofOrder), 'changes of orders'),
    ...shorten(told.stock.map(ofStock), 'stock records change'),
    ...shorten(told.channels.map(ofChannel), 'promises of channels change'),
    ...shorten(ofInstructions(told.instructions), 'kinds of instructions go out'),
  ];
  return sentences.length === 0 ? ['Nothing changes.'] : sentences;
}

function shorten(sentences: string[], rest: string): string[] {
  const more = sentences.length - SENTENCES_PER_SUBJECT_MAX;
  return more > 0 ? [...sentences.slice(0, SENTENCES_PER_SUBJECT_MAX), `${more} more ${rest}.`] : sentences;
}

const verbs = { opens: 'Opens', closes: 'Ends', grows: 'Makes worse', shrinks: 'Eases', changes: 'Changes' } as const;

const ofException = ({ change, title }: ActionPreview['exceptions'][number]): string => `${verbs[change]}: ${title}.`;

function ofOrder({ order, status, waiting, cancelled }: ActionPreview['orders'][number]): string[] {
  const parts = [
    status.before === status.after ? '' : `is ${status.after} instead of ${status.before}`,
    waiting.after === waiting.before ? '' : `waits for ${waiting.after} instead of ${waiting.before} units`,
    cancelled.after === cancelled.before ? '' : `has ${cancelled.after - cancelled.before} units cancelled`,
  ].filter(Boolean);
  return parts.length === 0 ? [] : [`Order ${order} ${parts.join(', ')}.`];
}

function ofStock({ sku, node, buckets, atp }: ActionPreview['stock'][number]): string {
  const moved = buckets.map(({ bucket, before, after }) => `${bucket} ${before} to ${after}`).join(', ');
  const promise = atp.before === atp.after ? '' : `; available to promise ${atp.before} to ${atp.after}`;
  return `${sku} at ${node}: ${moved}${promise}.`;
}

const ofChannel = ({ sku, channel, before, after }: ActionPreview['channels'][number]): string =>
  `${channel} may promise ${after} instead of ${before} of ${sku}.`;

/** Recipients who are told the same are named together. */
function ofInstructions(instructions: ActionPreview['instructions']): string[] {
  return [...Map.groupBy(instructions, ({ kind }) => kind)].map(([kind, told]) => {
    const names = [...new Set(told.map(({ to }) => to))];
    const all = names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
    return `${all} ${names.length === 1 ? 'is' : 'are'} told to ${kind.replaceAll('-', ' ')}.`;
  });
}
