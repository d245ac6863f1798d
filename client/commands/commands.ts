/**
 * Everything a person can do by name or by key, from whatever part of the page that offers it. The palette lists them,
 * `?` lists their keys, and this is the only listener for keys.
 */
import { onScopeDispose, type ShallowReactive, shallowReactive } from 'vue';

/** One key or a sequence: `j`, `shift+x`, `mod+k` (Ctrl or Command), `g t` (one after the other), `escape`, `?`. */
export type Keys = string;
export type Command = {
  id: string;
  title: string;
  /** Where the palette and the list of keys put it. */
  group: 'Selection' | 'Move' | 'Go to' | 'View' | 'General';
  keys?: readonly Keys[];
  /** Known to the list of keys, not to the palette: moving about. */
  keysOnly?: boolean;
  /** Whether it can be done right now. */
  when?: () => boolean;
  run(event?: KeyboardEvent): void;
};

const SEQUENCE_MS_MAX = 1_200;
const LETTERS_OFF = 'tideline.lettersOff';

const groups: ShallowReactive<Set<() => readonly Command[]>> = shallowReactive(new Set());

/** Offers commands as long as the calling component lives; of two with the same key the later one gets it. */
export function useCommands(offered: () => readonly Command[]): void {
  groups.add(offered);
  onScopeDispose(() => groups.delete(offered));
}

/** What can be done now, the newest offers first. */
export function commandsNow(): Command[] {
  return [...groups].reverse().flatMap((offered) => offered().filter((command) => command.when?.() ?? true));
}

/** Single letters can be switched off (WCAG 2.1.4): speech input would press them. */
export const lettersAreOff = (): boolean => localStorage.getItem(LETTERS_OFF) === 'yes';
export function switchLetters(off: boolean): void {
  if (off) localStorage.setItem(LETTERS_OFF, 'yes');
  else localStorage.removeItem(LETTERS_OFF);
}

/** Listens for keys as long as the caller lives: once, in the frame of the application. */
export function useCommandKeys(): void {
  let first: { key: string; at: number } | undefined;
  const pressed = (event: KeyboardEvent) => {
    const key = nameOf(event);
    if (key === undefined || event.defaultPrevented) return;
    const begun = first !== undefined && event.timeStamp - first.at < SEQUENCE_MS_MAX ? first.key : undefined;
    first = undefined;
    const commands = commandsNow();
    const command = (begun && find(commands, `${begun} ${key}`)) || find(commands, key);
    const begins = commands.some((one) => one.keys?.some((keys) => keys.startsWith(`${key} `)));
    if (command === undefined && !begins) return;
    if (!isFree(event, key)) return;
    if (command === undefined) {
      first = { key, at: event.timeStamp };
      return;
    }
    event.preventDefault();
    command.run(event);
  };
  window.addEventListener('keydown', pressed);
  onScopeDispose(() => window.removeEventListener('keydown', pressed));
}

function find(commands: readonly Command[], keys: string): Command | undefined {
  return commands.find((command) => command.keys?.includes(keys));
}

function nameOf(event: KeyboardEvent): string | undefined {
  if (['Shift', 'Control', 'Meta', 'Alt'].includes(event.key) || event.altKey || event.isComposing) return undefined;
  const key = event.key.toLowerCase();
  const mod = event.ctrlKey || event.metaKey ? 'mod+' : '';
  // Of signs the shift is part already: `?` is `?`, wherever the keyboard has it.
  const shift = event.shiftKey && (/^[a-z]$/.test(key) || key.length > 1) ? 'shift+' : '';
  return `${mod}${shift}${key === ' ' ? 'space' : key}`;
}

/** Whether the key is ours: somebody who types, or stands in a dialog or on a button, keeps most of them. */
function isFree(event: KeyboardEvent, key: string): boolean {
  // An editor lives in a tree of its own, from outside of which the event seems to come from its host.
  const [inner] = event.composedPath();
  const target = inner instanceof Element ? inner : null;
  if (key === 'mod+k') return true;
  if (target?.closest('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]')) return false;
  const types = target?.closest('input:not([type="checkbox"]), select, textarea, [contenteditable="true"]') != null;
  if (types) return key.startsWith('mod+') && key !== 'mod+a';
  if ((key === 'enter' || key === 'space') && target?.closest('button, a, summary, input')) return false;
  return !(lettersAreOff() && /^(shift\+)?[a-z]$/.test(key));
}
