/** How this reader's region writes numbers and dates. The words stay English; clocks have 24 hours, whoever reads them. */

const CHOSEN = 'tideline.region';
const FALLBACK = 'en-GB';

let current: string | undefined;

/** A BCP 47 tag: what was chosen on this browser, else what the browser says. */
export function region(): string {
  current ??= supported(stored()) ?? supported(navigator.language) ?? FALLBACK;
  return current;
}

/** What was chosen; empty when the browser decides. */
export const chosenRegion = (): string => stored() ?? '';

/** Pages show it after they are loaded again. @param tag empty: as the browser has it */
export function chooseRegion(tag: string): void {
  try {
    if (tag === '') localStorage.removeItem(CHOSEN);
    else localStorage.setItem(CHOSEN, tag);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  current = tag === '' ? undefined : supported(tag);
}

/** Regions one can choose by name; others come from the browser. */
export const regions = [
  'en-GB',
  'en-US',
  'en-IE',
  'en-AU',
  'de-DE',
  'fr-FR',
  'es-ES',
  'it-IT',
  'nl-NL',
  'pl-PL',
  'sv-SE',
  'pt-BR',
  'ja-JP',
] as const;

export function regionName(tag: string): string {
  return new Intl.DisplayNames('en', { type: 'language', languageDisplay: 'standard' }).of(tag) ?? tag;
}

const numberFormats = new Map<string, Intl.NumberFormat>();

/** Making a formatter costs about 50 µs, using one under 1 µs; a list formats hundreds of numbers. */
export function numberFormat(name: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${region()} ${name}`;
  let format = numberFormats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(region(), options);
    numberFormats.set(key, format);
  }
  return format;
}

function stored(): string | undefined {
  try {
    return localStorage.getItem(CHOSEN) ?? undefined;
  } catch {
    return undefined;
  }
}

function supported(tag: string | undefined): string | undefined {
  try {
    return tag === undefined ? undefined : Intl.NumberFormat.supportedLocalesOf(tag)[0];
  } catch {
    return undefined;
  }
}
