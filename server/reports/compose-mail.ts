/** The mail of a report: readable without pictures, without styles, and on a narrow screen. Pure. */
import { DateTime } from 'luxon';
import type { Content } from './content.ts';
import { MUTED, mailButton, mailPage, safe } from './mail-page.ts';

export type Composed = { subject: string; text: string; html: string };
export type MailFacts = {
  name: string;
  workspace: string;
  content: Content;
  slot: number;
  timeZone: string;
  isLate: boolean;
  rows: number;
  dataAsOf: number | null;
  eventsBehind: number;
  /** Name of the attached file; null when it is too large to be sent. */
  attached: string | null;
  tooLarge: string | null;
  link: string;
  ownerName: string;
  pictureCid: string | null;
};

export function composeMail(facts: MailFacts): Composed {
  const { name, content, slot, timeZone } = facts;
  const day = DateTime.fromMillis(slot, { zone: timeZone }).toFormat('d LLLL yyyy');
  const notes = notesOf(facts);
  return { subject: `${name} · ${day}`, text: textOf(facts, notes), html: htmlOf(facts, notes, content) };
}

function notesOf({ isLate, slot, timeZone, rows, dataAsOf, eventsBehind, attached, tooLarge }: MailFacts): string[] {
  const moment = (at: number) => DateTime.fromMillis(at, { zone: timeZone }).toFormat('d LLL yyyy HH:mm');
  const behind = eventsBehind === 0 ? '' : `, ${eventsBehind.toLocaleString('en')} events behind`;
  return [
    ...(isLate ? [`This report was due at ${moment(slot)} and is late: nothing was running then.`] : []),
    attached !== null ? `All ${rows.toLocaleString('en')} rows are attached: ${attached}.` : (tooLarge ?? ''),
    `${dataAsOf === null ? 'How new the data is, is not known' : `Data up to ${moment(dataAsOf)}`}${behind}. Times are those of ${timeZone}.`,
  ].filter((note) => note !== '');
}

function textOf({ name, content, link, ownerName, workspace }: MailFacts, notes: readonly string[]): string {
  const { columns, rows, leftOut } = content.table;
  const lines = [
    name,
    content.about,
    '',
    ...content.figures.map(
      (figure) => `${figure.name}: ${figure.value}${figure.change === null ? '' : ` (${figure.change})`}`,
    ),
    '',
    columns.map((column) => column.name).join(' | '),
    ...rows.map((row) => row.join(' | ')),
    ...(leftOut > 0 ? [`and ${leftOut.toLocaleString('en')} more`] : []),
    '',
    ...notes,
    '',
    `Open it: ${link}`,
    '',
    `Sent by Tideline for ${workspace}. ${ownerName} set it up and can change or stop it.`,
  ];
  return `${lines.join('\n')}\n`;
}

function htmlOf(facts: MailFacts, notes: readonly string[], { about, figures, table, drawnWords }: Content): string {
  const { name, workspace, link, ownerName, pictureCid } = facts;
  const tiles = figures.map(
    (figure) =>
      `<td style="padding:0 24px 0 0;vertical-align:top"><div style="font-size:13px;${MUTED}">${safe(figure.name)}</div><div style="font-size:26px;font-weight:600;line-height:34px">${safe(figure.value)}</div>${figure.change === null ? '' : `<div style="font-size:13px;${MUTED}">${safe(figure.change)} against before</div>`}</td>`,
  );
  const align = (isNumber: boolean) => `text-align:${isNumber ? 'right' : 'left'}`;
  const head = table.columns.map(
    (column) =>
      `<th scope="col" style="${align(column.isNumber)};padding:6px 8px;border-bottom:1px solid #d4d4d8;font-weight:600">${safe(column.name)}</th>`,
  );
  const body = table.rows.map(
    (row) =>
      `<tr>${row.map((cell, at) => `<td style="${align(table.columns[at]!.isNumber)};padding:6px 8px;border-bottom:1px solid #f0f0f2">${safe(cell)}</td>`).join('')}</tr>`,
  );
  const more =
    table.leftOut > 0
      ? `<p style="font-size:13px;${MUTED};margin:8px 0 0">and ${table.leftOut.toLocaleString('en')} more</p>`
      : '';
  const picture =
    pictureCid === null
      ? ''
      : `<p style="margin:20px 0 0"><img src="cid:${pictureCid}" width="560" alt="${safe(drawnWords)}" style="display:block;width:100%;max-width:560px;height:auto;border:0"></p><p style="font-size:13px;${MUTED};margin:4px 0 0">${safe(drawnWords)}</p>`;
  return mailPage({
    workspace,
    title: name,
    body: `<p style="font-size:13px;${MUTED};margin:4px 0 0">${safe(about)}</p>
${tiles.length === 0 ? '' : `<table role="presentation" cellpadding="0" cellspacing="0" style="margin-top:20px"><tr>${tiles.join('')}</tr></table>`}
${picture}
${body.length === 0 ? '' : `<table cellpadding="0" cellspacing="0" width="100%" style="margin-top:20px;border-collapse:collapse;font-size:13px;line-height:18px;font-variant-numeric:tabular-nums"><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table>${more}`}
${mailButton(link, 'Open in Tideline')}
<p style="font-size:13px;${MUTED};margin:20px 0 0">${notes.map(safe).join('<br>')}</p>`,
    foot: `Sent by Tideline for ${workspace}. ${ownerName} set it up and can change or stop it.`,
  });
}
