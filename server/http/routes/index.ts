/** Every route there is. */
import type { Route } from '../route.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { ingestionRoutes } from './ingestion.ts';
import { operationRoutes } from './operation.ts';
import { readingRoutes } from './reading.ts';
import { sessionRoutes } from './session.ts';

export const routes: readonly Route[] = [
  ...ingestionRoutes,
  ...sessionRoutes,
  ...readingRoutes,
  ...deadLetterRoutes,
  ...operationRoutes,
];
