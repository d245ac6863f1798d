/** What people keep and share: boards, filtered views of exceptions, questions. One kind, one schema of its body. */
import { z } from 'zod';
import { boardBody } from './boards.ts';
import { questionBody } from './saved-question.ts';

const time = z.int(); // epoch milliseconds, UTC

/** What a filtered list looks like: the query of its address, as the page wrote it. */
export const exceptionViewBody = z.object({
  query: z.record(z.string().max(40), z.string().max(400)),
  /** Shown in the navigation, in this order. */
  place: z.int().min(0).max(100).optional(),
});
export type ExceptionViewBody = z.infer<typeof exceptionViewBody>;

export const savedBodies = { board: boardBody, 'exception-view': exceptionViewBody, question: questionBody } as const;
export const savedKinds = Object.keys(savedBodies) as (keyof typeof savedBodies)[];
export type SavedKind = keyof typeof savedBodies;

export const savedThing = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  /** The account it belongs to, and its name. */
  owner: z.string(),
  ownerName: z.string(),
  shared: z.boolean(),
  /** Raised by every change; who changes it names the one that was looked at. */
  version: z.int(),
  changedAt: time,
  body: z.unknown(),
});
export type SavedThing<Body = unknown> = Omit<z.infer<typeof savedThing>, 'body'> & { body: Body };

export const saveRequest = z.object({
  /** Without one, a new thing is made. */
  id: z.string().max(60).optional(),
  name: z.string().trim().min(1).max(120),
  shared: z.boolean().default(false),
  /** The one that was looked at; 0 for a new thing. */
  version: z.int().min(0).default(0),
  body: z.unknown(),
});
export type SaveRequest = z.output<typeof saveRequest>;
export const savedList = z.object({ items: z.array(savedThing) });
