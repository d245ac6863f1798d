/** The schema analysts see: the list of views, and nothing else of history. */

import { decisions, instructions } from './decisions.ts';
import type { View } from './definition.ts';
import { events } from './events.ts';
import { exceptionChanges, exceptionRatings, exceptions } from './exceptions.ts';
import { itemCosts, items } from './items.ts';
import { kpiRollUps } from './kpi-roll-ups.ts';
import { channels, nodes } from './master-data.ts';
import { movements, stockChanges } from './movements.ts';
import { orderLines } from './order-lines.ts';
import { orderSteps } from './order-steps.ts';
import { orders } from './orders.ts';
import { predictions } from './predictions.ts';
import { sourceActivity, sources } from './sources.ts';
import { stock, stockDays, stockHours } from './stock.ts';

export type { Column, View } from './definition.ts';

/** In the order in which they are shown. */
export const views: readonly View[] = [
  orders,
  orderLines,
  orderSteps,
  stock,
  stockHours,
  stockDays,
  movements,
  stockChanges,
  ...kpiRollUps,
  exceptions,
  exceptionChanges,
  exceptionRatings,
  predictions,
  items,
  itemCosts,
  nodes,
  channels,
  sources,
  sourceActivity,
  decisions,
  instructions,
  events,
];

const byName = new Map(views.map((view) => [view.name, view]));
export const viewByName = (name: string): View | undefined => byName.get(name);

/** The database of the views of a history: it holds nothing else, and questions of analysts run in it. */
export const opsDatabaseOf = (historyDatabase: string): string => `${historyDatabase}_ops`;

/** The schema as the desk shows it: what can be read, with words and examples. */
export const describeViews = (): { views: View[] } => ({ views: [...views] });
