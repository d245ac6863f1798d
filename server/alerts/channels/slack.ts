/** Slack, by an incoming webhook: blocks for the screen, one line for the phone. */
import type { KnownBlock } from '@slack/types';
import type { AlertMessage, MessageItem } from '../message.ts';
import { cut, factsOf, footOf, headingOf, itemHeading, moreThan, oneLine, shortFactsOf } from './words.ts';

export type SlackSettings = { kind: 'slack'; url: string; mention: 'nobody' | 'here' | 'channel' };
export type SlackMessage = { text: string; blocks: KnownBlock[] };

/** Of Slack: longer ones are refused whole. */
const HEADER_MAX = 150;
const TEXT_MAX = 3_000;
const BECAUSE_SHOWN = 6;
const LINE_MAX = 240;

export function slackMessageOf(message: AlertMessage, { mention }: Pick<SlackSettings, 'mention'>): SlackMessage {
  const { items, kind } = message;
  const [only] = items;
  const body =
    kind === 'digest' ? items.map((item) => listed(message, item)) : only === undefined ? [] : whole(message, only);
  const more = moreThan(message, items.length);
  const isCritical =
    kind !== 'ended' && kind !== 'acknowledged' && items.some(({ severity }) => severity === 'critical');
  const call = mention === 'nobody' || !isCritical ? '' : `<!${mention}> `;
  return {
    text: escaped(headingOf(message)),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: headingOf(message, HEADER_MAX), emoji: false } },
      ...body,
      ...(more === '' ? [] : [section(more)]),
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: cut(`${call}${escaped(footOf(message))}`, TEXT_MAX), verbatim: true }],
      },
    ],
  };
}

function whole(message: AlertMessage, item: MessageItem): KnownBlock[] {
  const because = item.because.slice(0, BECAUSE_SHOWN).map((line) => `• ${escaped(oneLine(line, LINE_MAX))}`);
  return [
    ...(item.detail === '' ? [] : [plainSection(oneLine(item.detail, TEXT_MAX))]),
    {
      type: 'section',
      fields: factsOf(message, item).map(({ name, value }) => ({
        type: 'mrkdwn',
        text: `*${name}*\n${escaped(value)}`,
        verbatim: true,
      })),
    },
    ...(because.length === 0 ? [] : [section(`*Why*\n${because.join('\n')}`)]),
    ...(item.advice === '' ? [] : [section(`*What to do*\n${escaped(oneLine(item.advice, 2_000))}`)]),
    ...(item.url === '' ? [] : [section(linked(item.url, `Open ${item.number} in Tideline`))]),
  ];
}

function listed(message: AlertMessage, item: MessageItem): KnownBlock {
  const heading = itemHeading(message, item, LINE_MAX);
  return section(
    `${item.url === '' ? `*${escaped(heading)}*` : linked(item.url, heading)}\n${escaped(shortFactsOf(message, item))}`,
  );
}

/** `verbatim`: addresses and names in it stay text. */
const section = (text: string): KnownBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text: cut(text, TEXT_MAX), verbatim: true },
});
const plainSection = (text: string): KnownBlock => ({
  type: 'section',
  text: { type: 'plain_text', text, emoji: false },
});

/** The three signs that mean something to Slack: without them nothing calls people, and nothing is a link. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const linked = (url: string, text: string): string =>
  `<${escaped(url.replaceAll('|', '%7C'))}|${escaped(oneLine(text, LINE_MAX)).replaceAll('|', '¦')}>`;
