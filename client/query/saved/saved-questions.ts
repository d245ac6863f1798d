/** Questions that are kept under a name: one's own, and those that are shared. */
import type { QuestionBody } from '../../../server/http/contract/saved-question.ts';
import type { SqlRunLine } from '../../../server/http/contract/sql-runs.ts';
import { request } from '../../http/request.ts';
import type { SavedQuestion } from '../tabs/tab.ts';

const PATH = '/v1/saved/question';

export const readQuestions = async (): Promise<SavedQuestion[]> =>
  (await request<{ items: SavedQuestion[] }>('GET', PATH)).items;

export const readQuestion = (id: string): Promise<SavedQuestion> => request('GET', `${PATH}/${encodeURIComponent(id)}`);

/** Throws RequestProblem with status 409 when somebody else saved it since `version`. */
export const saveQuestion = (question: {
  id?: string;
  name: string;
  shared: boolean;
  version: number;
  body: QuestionBody;
}): Promise<SavedQuestion> => request('POST', PATH, question);

export const removeQuestion = (id: string): Promise<void> => request('DELETE', `${PATH}/${encodeURIComponent(id)}`);

export const readRuns = async (): Promise<SqlRunLine[]> =>
  (await request<{ items: SqlRunLine[] }>('GET', '/v1/sql/runs')).items;
