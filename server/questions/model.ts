/** Questions of measures by dimensions, as the API, boards, reports and files ask them. */

import type { Kpi } from '../../analytics/kpis/index.ts';
import type { Statement } from '../../analytics/sql/metrics/statement.ts';
import type { Principal } from '../access/abilities.ts';
import type {
  Askable,
  ContributionAnswer,
  ContributionQuestion,
  DimensionValues,
  MetricAnswer,
  MetricQuestion,
  RowsAnswer,
  RowsQuestion,
} from '../http/contract/questions.ts';
import { governed } from '../kpis/governed.ts';
import type { Mirror } from '../live/mirror.ts';
import { askHistory } from '../reading/ask-history.ts';
import type { Runtime } from '../runtime.ts';
import { type Asker, ask, compile, type QuestionDeps } from './ask.ts';
import { describeAskable } from './askable.ts';
import { contribution } from './contribution.ts';
import { dataAge } from './data-age.ts';
import { recordStartOf } from './record-start.ts';
import { rowsBehind } from './rows.ts';
import { dimensionValues } from './values.ts';

/** Whoever asks is named by the role that may, or may not, see cost. What is wrong with a question is thrown as a `Refusal`. */
export type QuestionsModel = {
  askable(principal: Principal | null): Askable;
  ask(question: MetricQuestion, asker: Asker, signal?: AbortSignal): Promise<MetricAnswer>;
  /** As one may run and change it over the views of analysts; of all groups, however many. */
  compile(question: MetricQuestion, asker: Asker): Statement;
  contribution(question: ContributionQuestion, asker: Asker, signal?: AbortSignal): Promise<ContributionAnswer>;
  rows(question: RowsQuestion, asker: Asker, signal?: AbortSignal): Promise<RowsAnswer>;
  values(dimension: string, search: string, asker: Asker, signal?: AbortSignal): Promise<DimensionValues>;
};

export function createQuestionsModel(
  runtime: Pick<Runtime, 'ops' | 'history' | 'redis' | 'keys'>,
  mirror: Mirror,
): QuestionsModel {
  const deps: QuestionDeps = {
    runtime,
    situation: () => {
      const { timeZone, currency } = mirror.workspace();
      return { timeZone, currency, now: mirror.businessNow() };
    },
    targetOf: (kpi: Kpi) => governed(mirror, kpi).target,
    history: askHistory(runtime),
    age: () => dataAge(runtime, mirror.businessNow()),
    recordStart: recordStartOf(runtime, mirror.now),
  };
  return {
    askable: (principal) => describeAskable(principal, deps.targetOf),
    ask: (question, asker, signal) => ask(deps, question, asker, signal),
    compile: (question, asker) => compile(deps, question, asker),
    contribution: (question, asker, signal) => contribution(deps, question, asker, signal),
    rows: (question, asker, signal) => rowsBehind(deps, question, asker, signal),
    values: (dimension, search, asker, signal) => dimensionValues(deps, dimension, search, asker, signal),
  };
}
