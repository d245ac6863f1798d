/** What a question may be made of. Apart from its schema, because the page of questions draws by it and checks nothing. */

export const MEASURES_MAX = 6;
export const DIMENSIONS_MAX = 3;
export const FILTERS_MAX = 12;
export const FILTER_VALUES_MAX = 500;

export const questionGrains = ['none', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type QuestionGrain = (typeof questionGrains)[number];

export const chartKinds = ['line', 'bar', 'table', 'pivot'] as const;
export type ChartKind = (typeof chartKinds)[number];

export const exportFormats = ['csv', 'xlsx', 'parquet', 'arrow', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];
