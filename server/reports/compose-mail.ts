/** The mail of a report: readable without pictures, without styles, and on a narrow screen. Pure. */
import { DateTime } from 'luxon';
import type { Content } from './content.ts';

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

const safe = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const FONT = "font-family:Inter,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const MUTED = 'color:#71717a';

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
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${safe(name)}</title></head>
<body style="margin:0;background:#f4f4f5"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f4f5"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px;background:#ffffff;border-radius:8px;${FONT};color:#27272a;font-size:15px;line-height:22px"><tr><td style="padding:24px 20px">
<p style="font-size:13px;${MUTED};margin:0 0 4px">${safe(workspace)}</p>
<h1 style="font-size:20px;line-height:28px;font-weight:600;margin:0">${safe(name)}</h1>
<p style="font-size:13px;${MUTED};margin:4px 0 0">${safe(about)}</p>
${tiles.length === 0 ? '' : `<table role="presentation" cellpadding="0" cellspacing="0" style="margin-top:20px"><tr>${tiles.join('')}</tr></table>`}
${picture}
${body.length === 0 ? '' : `<table cellpadding="0" cellspacing="0" width="100%" style="margin-top:20px;border-collapse:collapse;font-size:13px;line-height:18px;font-variant-numeric:tabular-nums"><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table>${more}`}
<p style="margin:24px 0 0"><a href="${safe(link)}" style="display:inline-block;background:#2459d3;color:#ffffff;text-decoration:none;padding:10px 16px;border-radius:6px;font-weight:600">Open in Tideline</a></p>
<p style="font-size:13px;${MUTED};margin:20px 0 0">${notes.map(safe).join('<br>')}</p>
</td></tr></table>
<p style="${FONT};font-size:12px;${MUTED};margin:16px 0 0">Sent by Tideline for ${safe(workspace)}. ${safe(ownerName)} set it up and can change or stop it.</p>
</td></tr></table></body></html>
`;
}
