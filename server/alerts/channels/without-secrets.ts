/** Takes secrets out of words that others wrote: a receiver may answer with what it was sent. Pure. */

const MASK = '••••';
/** Shorter ones would take ordinary words apart. */
const SECRET_CHARACTERS_MIN = 4;
/** Of an address: what is shorter names a service rather than keeps its secret. */
const PART_CHARACTERS_MIN = 8;

/** @param secrets as they are kept; the forms in which they travel are found as well */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const forms = [...new Set(secrets.flatMap(formsOf))].filter((form) => form.length >= SECRET_CHARACTERS_MIN);
  // The longest first: what is left of one after a part of it was taken out is a part as well.
  return forms.sort((a, b) => b.length - a.length).reduce((rest, form) => rest.replaceAll(form, MASK), text);
}

function formsOf(secret: string): string[] {
  const encoded = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll('/', '\\/'),
  ];
  const base64 = Buffer.from(secret).toString('base64');
  return [...encoded, base64, base64.replace(/=+$/, ''), Buffer.from(secret).toString('base64url'), ...partsOf(secret)];
}

/** `Bearer …` without its first word; of an address everything that could be a token. */
function partsOf(secret: string): string[] {
  const words = secret.split(/[\s/?&=#,;]+/).filter((part) => part.length >= PART_CHARACTERS_MIN);
  if (!URL.canParse(secret)) return words;
  const { host, hostname } = new URL(secret);
  return words.filter((part) => part !== host && part !== hostname);
}

/** What signs in to a mail server travels as one: name and password, separated by NUL (RFC 4616). */
export const plainSignIn = (user: string, password: string): string => `\0${user}\0${password}`;
