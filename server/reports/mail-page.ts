/** What every mail of the product looks like: one column, styles in place, readable without pictures. Pure. */

export const FONT = "font-family:Inter,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
export const MUTED = 'color:#71717a';

export const safe = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** @param page all of it text but `body`, which is HTML */
export function mailPage({
  workspace,
  title,
  body,
  foot,
}: Record<'workspace' | 'title' | 'body' | 'foot', string>): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${safe(title)}</title></head>
<body style="margin:0;background:#f4f4f5"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f4f5"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px;background:#ffffff;border-radius:8px;${FONT};color:#27272a;font-size:15px;line-height:22px"><tr><td style="padding:24px 20px">
<p style="font-size:13px;${MUTED};margin:0 0 4px">${safe(workspace)}</p>
<h1 style="font-size:20px;line-height:28px;font-weight:600;margin:0">${safe(title)}</h1>
${body}
</td></tr></table>
<p style="${FONT};font-size:12px;${MUTED};margin:16px 0 0">${safe(foot)}</p>
</td></tr></table></body></html>
`;
}

export const mailButton = (url: string, words: string): string =>
  `<p style="margin:24px 0 0"><a href="${safe(url)}" style="display:inline-block;background:#2459d3;color:#ffffff;text-decoration:none;padding:10px 16px;border-radius:6px;font-weight:600">${safe(words)}</a></p>`;
