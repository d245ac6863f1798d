/** Every route there is. */
import type { Route } from '../route.ts';
import { actionRoutes } from './actions.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { exceptionRoutes } from './exceptions.ts';
import { explainRoutes } from './explain.ts';
import { ingestionRoutes } from './ingestion.ts';
import { instructionRoutes } from './instructions.ts';
import { operationRoutes } from './operation.ts';
import { orderRoutes } from './orders.ts';
import { promiseRoutes } from './promises.ts';
import { readingRoutes } from './reading.ts';
import { sessionRoutes } from './session.ts';
import { settingsRoutes } from './settings.ts';

export const routes: readonly Route[] = [
  ...ingestionRoutes,
  ...sessionRoutes,
  ...readingRoutes,
  ...exceptionRoutes,
  ...promiseRoutes,
  ...orderRoutes,
  ...settingsRoutes,
  ...deadLetterRoutes,
  ...actionRoutes,
  ...instructionRoutes,
  ...explainRoutes,
  ...operationRoutes,
];
