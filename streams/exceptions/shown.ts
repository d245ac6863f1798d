/** What is shown of all exceptions: which call for somebody, and which stand beneath another one. Pure. */
import type { OpenException } from '../operations/exception-state.ts';
import { exceptionDefinitions } from './index.ts';
import { type AskInhibitor, findInhibitors } from './inhibition.ts';
import type { ExceptionDefinition } from './rule.ts';
import { needsAttention } from './work-machine.ts';

const definitions = new Map(exceptionDefinitions.map((definition) => [definition.kind, definition]));

export const definitionOf = (kind: string): ExceptionDefinition | undefined => definitions.get(kind);
export const areaOf = (kind: string) => definitions.get(kind)?.area;

export const askInhibitor = (exceptions: Iterable<OpenException>): AskInhibitor => findInhibitors(exceptions, areaOf);

/** Open, put away by nobody, and inhibited by nothing: what is counted as open and asks for a person. */
export function callingForSomebody(exceptions: Iterable<OpenException>): OpenException[] {
  const all = [...exceptions];
  const ask = askInhibitor(all);
  return all.filter((exception) => needsAttention(exception) && ask(exception) === undefined);
}
