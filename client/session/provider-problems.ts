/** Why a sign-in with the identity provider came to nothing, in words that say what to do. */
import type { ProviderProblem } from '../../server/http/contract/provider-sign-in.ts';

const words: ReadonlyMap<unknown, string> = new Map<ProviderProblem, string>([
  ['expired', 'The sign-in took too long, or began in another browser. Try again.'],
  ['denied', 'The sign-in was cancelled.'],
  ['answer', 'The answer of the identity provider could not be trusted. Try again; if it lasts, tell an admin.'],
  ['away', 'The identity provider cannot be reached. Try again in a moment.'],
  ['email', 'The identity provider named no verified email address for you. An admin can help.'],
  ['domain', 'Your email address is of a domain that may not come in here.'],
  ['role', 'You have no role in this workspace yet. Ask an admin.'],
  ['disabled', 'Your account is disabled. Ask an admin.'],
  ['other-subject', 'This email address belongs to another person at the identity provider. Ask an admin.'],
  ['wait', 'Too many attempts. Wait a minute, then try again.'],
]);

/** Empty for what is none of them: the address can be written by anybody. */
export const providerProblemWords = (problem: unknown): string => words.get(problem) ?? '';
