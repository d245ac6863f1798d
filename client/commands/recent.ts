/** The last five commands of this browser. */
import type { Command } from './commands.ts';

const RECENT = 'tideline.recentCommands';
const RECENT_MAX = 5;

function ids(): string[] {
  try {
    const known: unknown = JSON.parse(localStorage.getItem(RECENT) ?? '[]');
    return Array.isArray(known) ? known.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

export function remember({ id }: Command): void {
  localStorage.setItem(RECENT, JSON.stringify([id, ...ids().filter((known) => known !== id)].slice(0, RECENT_MAX)));
}

/** Those of them that can be done now. */
export const recentCommands = (offered: readonly Command[]): Command[] =>
  ids().flatMap((id) => offered.find((command) => command.id === id) ?? []);
