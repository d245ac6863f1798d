import type { ExceptionLine } from '../../server/live/contract.ts';

/** An exception as lists get it; only what a test is about needs to be said. */
export function exceptionLine(more: Partial<ExceptionLine> & { id: string }): ExceptionLine {
  return {
    kind: 'oversold',
    title: `Exception ${more.id}`,
    subject: 'MUG-1',
    detail: '',
    severity: 'medium',
    since: 1_000,
    updatedAt: 1_000,
    deadline: null,
    moneyAtRisk: 0,
    currency: 'EUR',
    area: 'inventory',
    condition: 'open',
    work: 'new',
    version: 1,
    owner: 'inventory planner',
    ...more,
  };
}
