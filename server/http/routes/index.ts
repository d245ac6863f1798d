/** Every route there is. */
import type { Route } from '../route.ts';
import { accuracyRoutes } from './accuracy.ts';
import { actionRoutes } from './actions.ts';
import { boardRoutes } from './boards.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { exceptionRoutes } from './exceptions.ts';
import { explainRoutes } from './explain.ts';
import { fulfilmentRoutes } from './fulfilment.ts';
import { goodsRoutes } from './goods.ts';
import { importRoutes } from './imports.ts';
import { ingestionRoutes } from './ingestion.ts';
import { instructionRoutes } from './instructions.ts';
import { inventoryRoutes } from './inventory.ts';
import { nodesRoutes } from './nodes.ts';
import { operationRoutes } from './operation.ts';
import { orderRoutes } from './orders.ts';
import { peopleRoutes } from './people.ts';
import { projectionRoutes } from './projection.ts';
import { promiseRoutes } from './promises.ts';
import { purchaseOrderRoutes } from './purchase-orders.ts';
import { readingRoutes } from './reading.ts';
import { savedRoutes } from './saved.ts';
import { searchRoutes } from './search.ts';
import { sessionRoutes } from './session.ts';
import { settingsRoutes } from './settings.ts';

export const routes: readonly Route[] = [
  ...ingestionRoutes,
  ...importRoutes,
  ...sessionRoutes,
  ...readingRoutes,
  ...exceptionRoutes,
  ...peopleRoutes,
  ...projectionRoutes,
  ...promiseRoutes,
  ...accuracyRoutes,
  ...goodsRoutes,
  ...orderRoutes,
  ...searchRoutes,
  ...inventoryRoutes,
  ...purchaseOrderRoutes,
  ...fulfilmentRoutes,
  ...settingsRoutes,
  ...savedRoutes,
  ...boardRoutes,
  ...deadLetterRoutes,
  ...actionRoutes,
  ...instructionRoutes,
  ...explainRoutes,
  ...nodesRoutes,
  ...operationRoutes,
];
