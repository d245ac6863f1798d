/** What can be asked, and of which views: read once, again after a failure. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Askable } from '../../server/http/contract/questions.ts';
import type { SqlSchema } from '../../server/http/contract/sql-runs.ts';
import { asProblem } from '../http/load.ts';
import { type RequestProblem, request } from '../http/request.ts';
import { useSession } from '../session/session.ts';

export const useCatalogue = defineStore('query-catalogue', () => {
  const session = useSession();
  const askable = shallowRef<Askable | null>(null);
  const schema = shallowRef<SqlSchema | null>(null);
  const problem = shallowRef<RequestProblem | null>(null);

  return { askable, schema, problem, load };

  /** Without the views one can still ask; completion and definitions are what is missing. */
  async function load(): Promise<void> {
    const views = session.may('ask-sql') && schema.value === null ? request<SqlSchema>('GET', '/v1/sql/schema') : null;
    views?.then(
      (known) => (schema.value = known),
      () => undefined,
    );
    try {
      askable.value ??= await request<Askable>('GET', '/v1/questions/askable');
      problem.value = null;
    } catch (error) {
      problem.value = asProblem(error);
    }
  }
});
