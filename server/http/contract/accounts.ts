/** People, their invitations and their sessions; and one's own account. */
import { z } from 'zod';
import { userRoles } from './access.ts';

const time = z.int(); // epoch milliseconds, UTC
export const PASSWORD_CHARACTERS_MIN = 12;

export const personName = z.string().trim().min(1).max(200);
export const newPassword = z
  .string()
  .min(PASSWORD_CHARACTERS_MIN, `must have at least ${PASSWORD_CHARACTERS_MIN} characters`)
  .max(1_000);
const oneTimeToken = z.string().min(1).max(200);

/** How somebody signs in: a password here, or the identity provider. `none`: invited, and not come yet. */
export const signInMethods = ['password', 'provider', 'none'] as const;
export const personStates = ['active', 'invited', 'disabled'] as const;

export const person = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(userRoles),
  state: z.enum(personStates),
  methods: z.array(z.enum(signInMethods)),
  createdAt: time.nullable(),
  lastSeenAt: time.nullable(),
  sessions: z.int(),
  /** Of the newest link that still works: an invitation or a new password. */
  linkExpiresAt: time.nullable(),
});
export type Person = z.infer<typeof person>;
export const peopleAnswer = z.object({ items: z.array(person) });

export const inviting = z.object({ email: z.email().max(200), role: z.enum(userRoles) });
/** Works once. It is shown here and never again. */
export const oneTimeLink = z.object({ person, token: z.string(), expiresAt: time });
export type OneTimeLink = z.infer<typeof oneTimeLink>;
export const roleChange = z.object({ role: z.enum(userRoles) });

export const invitationLook = z.object({ token: oneTimeToken });
export const invitationView = z.object({
  kind: z.enum(['invitation', 'reset']),
  email: z.string(),
  name: z.string(),
  role: z.enum(userRoles),
  expiresAt: time,
});
export type InvitationView = z.infer<typeof invitationView>;
export const invitationAccepting = z.object({ token: oneTimeToken, name: personName, password: newPassword });

export const liveSession = z.object({
  id: z.string(),
  account: z.string(),
  email: z.string(),
  name: z.string(),
  since: time,
  lastSeenAt: time,
  /** When it ends if nobody uses it, and at the latest. */
  idleAt: time,
  expiresAt: time,
  address: z.string(),
  /** As the browser calls itself, in short: `Chrome on Windows`. */
  browser: z.string(),
  /** The one this request came with. */
  isThis: z.boolean(),
});
export type LiveSession = z.infer<typeof liveSession>;
export const sessionsAnswer = z.object({ items: z.array(liveSession) });
export const endedAnswer = z.object({ ended: z.int() });

export const ownAccount = z.object({ person, sessions: z.array(liveSession) });
export type OwnAccount = z.infer<typeof ownAccount>;
export const ownName = z.object({ name: personName });
export const passwordChange = z.object({ old: z.string().min(1).max(1_000), password: newPassword });
