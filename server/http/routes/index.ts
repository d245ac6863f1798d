/** Every route there is. */
import type { Route } from '../route.ts';
import { accessPeopleRoutes } from './access-people.ts';
import { accuracyRoutes } from './accuracy.ts';
import { actionRoutes } from './actions.ts';
import { alertChannelRoutes } from './alert-channels.ts';
import { alertRoutes } from './alerts.ts';
import { auditRoutes } from './audit.ts';
import { boardRoutes } from './boards.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { deviceRoutes } from './devices.ts';
import { exceptionRoutes } from './exceptions.ts';
import { explainRoutes } from './explain.ts';
import { explanationRoutes } from './explanations.ts';
import { exportRoutes } from './exports.ts';
import { fulfilmentRoutes } from './fulfilment.ts';
import { goodsRoutes } from './goods.ts';
import { handoverRoutes } from './handover.ts';
import { importRoutes } from './imports.ts';
import { ingestionRoutes } from './ingestion.ts';
import { instructionRoutes } from './instructions.ts';
import { inventoryRoutes } from './inventory.ts';
import { invitationRoutes } from './invitations.ts';
import { kpiCatalogRoutes } from './kpi-catalog.ts';
import { learningRoutes } from './learning.ts';
import { machineKeyRoutes } from './machine-keys.ts';
import { nodesRoutes } from './nodes.ts';
import { operationRoutes } from './operation.ts';
import { orderRoutes } from './orders.ts';
import { ownAccountRoutes } from './own-account.ts';
import { peopleRoutes } from './people.ts';
import { predictionRoutes } from './predictions.ts';
import { projectionRoutes } from './projection.ts';
import { promiseRoutes } from './promises.ts';
import { providerSignInRoutes } from './provider-sign-in.ts';
import { purchaseOrderRoutes } from './purchase-orders.ts';
import { questionRoutes } from './questions.ts';
import { readingRoutes } from './reading.ts';
import { reportRoutes } from './reports.ts';
import { savedRoutes } from './saved.ts';
import { searchRoutes } from './search.ts';
import { sessionRoutes } from './session.ts';
import { settingsRoutes } from './settings.ts';
import { signalRoutes } from './signals.ts';
import { sqlEndpointRoutes } from './sql-endpoint.ts';
import { sqlRunRoutes } from './sql-runs.ts';

export const routes: readonly Route[] = [
  ...ingestionRoutes,
  ...importRoutes,
  ...sessionRoutes,
  ...providerSignInRoutes,
  ...invitationRoutes,
  ...ownAccountRoutes,
  ...accessPeopleRoutes,
  ...deviceRoutes,
  ...machineKeyRoutes,
  ...auditRoutes,
  ...readingRoutes,
  ...kpiCatalogRoutes,
  ...searchRoutes,
  ...inventoryRoutes,
  ...purchaseOrderRoutes,
  ...exceptionRoutes,
  ...explanationRoutes,
  ...learningRoutes,
  ...peopleRoutes,
  ...handoverRoutes,
  ...predictionRoutes,
  ...projectionRoutes,
  ...promiseRoutes,
  ...accuracyRoutes,
  ...goodsRoutes,
  ...orderRoutes,
  ...fulfilmentRoutes,
  ...settingsRoutes,
  ...sqlRunRoutes,
  ...savedRoutes,
  ...boardRoutes,
  ...deadLetterRoutes,
  ...actionRoutes,
  ...instructionRoutes,
  ...explainRoutes,
  ...questionRoutes,
  ...exportRoutes,
  ...reportRoutes,
  ...alertChannelRoutes,
  ...alertRoutes,
  ...signalRoutes,
  ...sqlEndpointRoutes,
  ...nodesRoutes,
  ...operationRoutes,
];
