/** The people of a workspace, as colleagues see them: names instead of addresses. */
import { z } from 'zod';
import { userRoles } from './access.ts';

export const person = z.object({
  /** What events, comments and assignments call this person. */
  key: z.string(),
  id: z.string(),
  name: z.string(),
  role: z.enum(userRoles),
  /** Whether exceptions can be given to them. */
  mayAct: z.boolean(),
});
export type Person = z.infer<typeof person>;

export const peopleAnswer = z.object({ items: z.array(person) });
export type PeopleAnswer = z.infer<typeof peopleAnswer>;
