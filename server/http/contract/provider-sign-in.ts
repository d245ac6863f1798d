/** Signing in with an identity provider, as the sign-in page knows it. */
import { z } from 'zod';

/** Why it came to nothing, in the address of the sign-in page; what it means in words stands there. */
export const providerProblems = [
  'expired',
  'denied',
  'answer',
  'away',
  'email',
  'domain',
  'role',
  'disabled',
  'other-subject',
  'wait',
] as const;
export type ProviderProblem = (typeof providerProblems)[number];

/** What the sign-in page offers. */
export const signInOffers = z.object({
  /** `admins`: for the day on which the identity provider is away. */
  passwords: z.enum(['all', 'admins']),
  provider: z.object({ name: z.string() }).nullable(),
});
export const providerQuery = z.object({
  /** Where to go afterwards: an address of our own. */
  next: z.string().max(500).optional(),
});
