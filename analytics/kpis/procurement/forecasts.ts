import { defineKpi, firstVersion } from '../definition.ts';

const words = {
  group: 'procurement',
  clock: 'the week that was forecast, four weeks ahead',
  exclusions: 'items without a forecast; weeks that are not over',
  owner: 'Demand planning',
  target: null,
  cadence: 'day',
  dimensions: ['category'],
  thresholds: null,
  sources: ['order.placed'],
  exceptions: ['stockout-expected', 'excess-or-aged-stock'],
  version: 1,
  changes: firstVersion,
  waitsFor: 'events of forecasts: none is recorded yet',
  live: { kind: 'history', of: 'period', days: 28, figure: () => null },
} as const;

/** By the functions of forecast-error.ts, per item and week. */
export const forecasts = [
  defineKpi({
    ...words,
    id: 'forecast-wape',
    name: 'Forecast error (WAPE)',
    question: 'How far off are our forecasts?',
    formula: 'sum |actual - forecast| / sum actual, over items and weeks',
    unit: 'percent',
    direction: 'down',
  }),
  defineKpi({
    ...words,
    id: 'forecast-bias',
    name: 'Forecast bias',
    question: 'Do we forecast too much or too little?',
    formula: 'sum (forecast - actual) / sum actual, over items and weeks: above zero too much',
    unit: 'percent',
    direction: 'none',
  }),
  defineKpi({
    ...words,
    id: 'forecast-mase',
    name: 'Forecast error, scaled (MASE)',
    question: 'Do our forecasts beat "as last week"?',
    formula:
      'mean |actual - forecast| / mean |actual - actual of the week before| in the training weeks: below 1 they do',
    unit: 'ratio',
    direction: 'down',
  }),
  defineKpi({
    ...words,
    id: 'forecast-value-added',
    name: 'Forecast value added',
    question: 'What is forecasting worth?',
    formula: 'WAPE of "as last week" - WAPE of the forecast',
    unit: 'percent',
    direction: 'up',
  }),
];
