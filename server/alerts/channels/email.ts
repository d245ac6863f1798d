/** E-mail: readable without pictures or styles, and shown together with what was said of the same subject before. */
import { createHash } from 'node:crypto';
import { FONT, MUTED, mailButton, mailPage, safe } from '../../reports/mail-page.ts';
import type { Mail, MailServer } from '../../reports/send-mail.ts';
import type { AlertMessage, MessageItem } from '../message.ts';
import { factsOf, footOf, headingOf, itemHeading, moreThan, oneLine, shortFactsOf } from './words.ts';

export type EmailSettings = {
  kind: 'email';
  recipients: readonly string[];
  /** Null: the mail server of the whole product. */
  server: MailServer | null;
  from: string | null;
};

const SUBJECT_MAX = 180;
const DETAIL_MAX = 4_000;
const WHO_IS_TOLD = 'Who is told of what stands in the settings, in the policy “alerts”.';

/** @param host what ids of messages end in */
export function mailOf(message: AlertMessage, host: string): Omit<Mail, 'to'> {
  const ids = (text: string) => `<${createHash('sha256').update(text).digest('hex').slice(0, 32)}@${host}>`;
  const [first] = message.items;
  const isOfOne = message.kind !== 'digest' && message.kind !== 'test' && first !== undefined;
  return {
    messageId: ids(`message ${message.id}`),
    subject: headingOf(message, SUBJECT_MAX),
    text: textOf(message),
    html: htmlOf(message),
    // Nobody sent this one: programs for mail put together what names it.
    ...(isOfOne ? { references: [ids(`subject ${message.workspace} ${first.subject}`)] } : {}),
  };
}

function textOf(message: AlertMessage): string {
  const { items, kind } = message;
  const more = moreThan(message, items.length);
  const about = kind === 'digest' ? items.flatMap((item) => [...listedText(message, item), '']) : wholeText(message);
  const lines = [headingOf(message), '', ...about, ...(more === '' ? [] : [more, '']), footOf(message), WHO_IS_TOLD];
  return `${lines.join('\n')}\n`;
}

function wholeText(message: AlertMessage): string[] {
  const [item] = message.items;
  if (item === undefined) return [];
  const part = (name: string, lines: readonly string[]) => (lines.length === 0 ? [] : [name, ...lines, '']);
  return [
    ...(item.detail === '' ? [] : [oneLine(item.detail, DETAIL_MAX), '']),
    ...factsOf(message, item).map(({ name, value }) => `${name}: ${value}`),
    '',
    ...part(
      'Why:',
      item.because.map((line) => `- ${oneLine(line, 500)}`),
    ),
    ...part('What to do:', item.advice === '' ? [] : [oneLine(item.advice, DETAIL_MAX)]),
    ...(item.url === '' ? [] : [`Open it: ${item.url}`, '']),
  ];
}

const listedText = (message: AlertMessage, item: MessageItem): string[] => [
  itemHeading(message, item),
  `  ${shortFactsOf(message, item)}`,
  ...(item.url === '' ? [] : [`  ${item.url}`]),
];

function htmlOf(message: AlertMessage): string {
  const { items, kind, workspace } = message;
  const more = moreThan(message, items.length);
  const body =
    kind === 'digest'
      ? items.map((item) => listedHtml(message, item)).join('\n')
      : items.map((item) => wholeHtml(message, item)).join('\n');
  return mailPage({
    workspace: oneLine(workspace, 120),
    title: headingOf(message),
    body: `${body}
${more === '' ? '' : `<p style="${MUTED};margin:16px 0 0">${safe(more)}</p>`}
<p style="font-size:13px;${MUTED};margin:20px 0 0">${safe(footOf(message))}</p>`,
    foot: `Sent by Tideline. ${WHO_IS_TOLD}`,
  });
}

function wholeHtml(message: AlertMessage, item: MessageItem): string {
  const rows = factsOf(message, item).map(
    ({ name, value }) =>
      `<tr><th scope="row" style="text-align:left;font-weight:400;${MUTED};padding:3px 16px 3px 0;vertical-align:top">${safe(name)}</th><td style="padding:3px 0">${safe(value)}</td></tr>`,
  );
  const because = item.because.map((line) => `<li>${safe(oneLine(line, 500))}</li>`);
  const heading = (text: string) => `<h2 style="font-size:15px;margin:20px 0 4px">${text}</h2>`;
  return `${item.detail === '' ? '' : `<p style="margin:12px 0 0">${safe(oneLine(item.detail, DETAIL_MAX))}</p>`}
<table cellpadding="0" cellspacing="0" style="margin-top:16px;border-collapse:collapse;${FONT};font-size:14px;line-height:20px"><tbody>${rows.join('')}</tbody></table>
${because.length === 0 ? '' : `${heading('Why')}<ul style="margin:0;padding-left:20px">${because.join('')}</ul>`}
${item.advice === '' ? '' : `${heading('What to do')}<p style="margin:0">${safe(oneLine(item.advice, DETAIL_MAX))}</p>`}
${item.url === '' ? '' : mailButton(item.url, 'Open in Tideline')}`;
}

function listedHtml(message: AlertMessage, item: MessageItem): string {
  const heading = safe(itemHeading(message, item));
  const linked = item.url === '' ? heading : `<a href="${safe(item.url)}" style="color:#2459d3">${heading}</a>`;
  return `<p style="margin:16px 0 0"><strong>${linked}</strong><br><span style="font-size:13px;${MUTED}">${safe(shortFactsOf(message, item))}</span></p>`;
}
