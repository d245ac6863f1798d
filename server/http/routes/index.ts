/** Every route there is. */
import type { Route } from '../route.ts';
import { actionRoutes } from './actions.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { ingestionRoutes } from './ingestion.ts';
import { instructionRoutes } from './instructions.ts';
import { operationRoutes } from './operation.ts';
import { readingRoutes } from './reading.ts';
import { sessionRoutes } from './session.ts';
import { settingsRoutes } from './settings.ts';

export const routes: readonly Route[] = [
  ...ingestionRoutes,
  ...sessionRoutes,
  ...readingRoutes,
  ...settingsRoutes,
  ...deadLetterRoutes,
  ...actionRoutes,
  ...instructionRoutes,
  ...operationRoutes,
];
