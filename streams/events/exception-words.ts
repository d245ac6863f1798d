/** The words exceptions are told in. */

/** Worst first. */
export const severities = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof severities)[number];

export const exceptionAreas = ['inventory', 'procurement', 'fulfilment', 'data', 'signals'] as const;
export type ExceptionArea = (typeof exceptionAreas)[number];

/** Whether it holds. One that closes is removed; history keeps it. */
export const conditions = ['pending', 'open', 'recovering'] as const;
export type Condition = (typeof conditions)[number];

/** What is done about it. */
export const workStates = ['new', 'acknowledged', 'in-progress', 'snoozed', 'resolved', 'dismissed'] as const;
export type WorkState = (typeof workStates)[number];

export const dismissReasons = ['false-alarm', 'accepted-risk', 'duplicate', 'handled-elsewhere', 'other'] as const;

/** What exceptions can be put together by. */
export const groupings = ['cause', 'kind', 'area', 'node', 'channel', 'sku', 'source', 'owner', 'assignee'] as const;
export type Grouping = (typeof groupings)[number];
