/** Microsoft Teams, by the webhook of a workflow: an Adaptive Card. */
import type { Severity } from '../../../streams/events/exception-words.ts';
import type { AlertMessage, MessageItem } from '../message.ts';
import { factsOf, footOf, headingOf, itemHeading, kindOf, moreThan, oneLine, shortFactsOf } from './words.ts';

export type TeamsSettings = { kind: 'teams'; url: string };

/** Teams takes 28 KB, and counts what it adds. */
const CARD_BYTES_MAX = 24_000;
const BECAUSE_SHOWN = 6;

const styles: Record<Severity, string> = {
  critical: 'attention',
  high: 'warning',
  medium: 'accent',
  low: 'default',
};

/** As many items as fit; how many there are more is said. */
export function teamsMessageOf(message: AlertMessage): object {
  for (let shown = message.items.length; ; shown--) {
    const card = cardOf(message, message.items.slice(0, shown));
    if (shown <= 1 || Buffer.byteLength(JSON.stringify(card)) <= CARD_BYTES_MAX) return card;
  }
}

function cardOf(message: AlertMessage, items: readonly MessageItem[]): object {
  const [only] = items;
  const isDigest = message.kind === 'digest';
  const body = isDigest ? items.map((item) => listed(message, item)) : only === undefined ? [] : whole(message, only);
  const more = moreThan(message, items.length);
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    fallbackText: headingOf(message),
    msteams: { width: 'Full' },
    body: [
      {
        type: 'Container',
        style: only === undefined ? 'default' : styleOf(message, only),
        bleed: true,
        items: [lineOf([{ text: headingOf(message), weight: 'Bolder', size: 'Medium' }])],
      },
      ...body,
      ...(more === '' ? [] : [lineOf([{ text: more }])]),
      lineOf([{ text: footOf(message), size: 'Small', isSubtle: true }]),
    ],
    actions:
      isDigest || only === undefined || only.url === ''
        ? []
        : [{ type: 'Action.OpenUrl', title: `Open ${oneLine(only.number, 60)} in Tideline`, url: only.url }],
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content }] };
}

const styleOf = (message: AlertMessage, item: MessageItem): string => {
  const kind = kindOf(message, item);
  return kind === 'ended' || message.kind === 'test'
    ? 'good'
    : kind === 'acknowledged'
      ? 'default'
      : styles[item.severity];
};

function whole(message: AlertMessage, item: MessageItem): object[] {
  const because = item.because.slice(0, BECAUSE_SHOWN);
  return [
    ...(item.detail === '' ? [] : [lineOf([{ text: oneLine(item.detail, 2_000) }])]),
    ...factsOf(message, item).map(({ name, value }, at) =>
      lineOf([{ text: `${name}  `, isSubtle: true }, { text: value }], at === 0 ? 'Default' : 'None'),
    ),
    ...(because.length === 0 ? [] : [lineOf([{ text: 'Why', weight: 'Bolder' }])]),
    ...because.map((line) => lineOf([{ text: `• ${oneLine(line, 240)}` }], 'None')),
    ...(item.advice === ''
      ? []
      : [lineOf([{ text: 'What to do', weight: 'Bolder' }]), lineOf([{ text: oneLine(item.advice, 1_000) }], 'None')]),
  ];
}

function listed(message: AlertMessage, item: MessageItem): object {
  const open = item.url === '' ? {} : { selectAction: { type: 'Action.OpenUrl', title: 'Open', url: item.url } };
  return {
    type: 'Container',
    separator: true,
    ...open,
    items: [
      lineOf([{ text: itemHeading(message, item, 240), weight: 'Bolder' }]),
      lineOf([{ text: shortFactsOf(message, item), isSubtle: true }], 'None'),
    ],
  };
}

type Run = { text: string; weight?: string; size?: string; isSubtle?: boolean };

/** Runs of a rich text are no Markdown, as those of a text block are: a name cannot become a link. */
const lineOf = (runs: readonly Run[], spacing = 'Default'): object => ({
  type: 'RichTextBlock',
  spacing,
  inlines: runs.map((run) => ({ type: 'TextRun', ...run })),
});
