/** The catalog of KPIs: definitions, the terms they are held against, baselines and distributions. */
import { costKpis, seesCost } from '../../access/cost.ts';
import { Overtaken } from '../../settings/change.ts';
import {
  baseline,
  baselineRequest,
  distributionAnswer,
  distributionQuery,
  kpiCatalogAnswer,
  kpiPage,
  termsChange,
  termsSet,
} from '../contract/kpi-catalog.ts';
import { notFound, Refusal } from '../problems.ts';
import { type Call, type HandlerDeps, route } from '../route.ts';

/** @throws Refusal when its figures are not for this principal */
function idOf({ params: { id = '' }, principal }: Pick<Call<unknown, unknown>, 'params' | 'principal'>): string {
  if (!costKpis.has(id) || seesCost(principal)) return id;
  throw new Refusal(403, { title: 'Not allowed', detail: 'Cost and margin are not for every role.' });
}

const absent = (id: string) => Promise.reject(notFound(`KPI "${id}"`));

const audited = (deps: HandlerDeps, name: string, what: string, detail: Record<string, string | number>) =>
  deps.access.audit.record(name, what, detail);

/** As the audit tells them: `target 98, look 98, act 95, owner Head of fulfilment`. */
const termsWords = ({
  owner,
  target,
  thresholds,
}: {
  owner: string;
  target: number | null;
  thresholds: object | null;
}) => JSON.stringify({ owner, target, thresholds });

export const kpiCatalogRoutes = [
  route({
    method: 'get',
    path: '/v1/kpi-catalog',
    summary: 'Every KPI with its definition, the terms in force and what it stands at.',
    ability: 'see-kpis',
    status: 200,
    answer: kpiCatalogAnswer,
    handle: async (deps, { principal }) => {
      const { items } = await deps.readModel.kpiCatalog.list();
      return { items: seesCost(principal) ? items : items.filter(({ id }) => !costKpis.has(id)) };
    },
  }),
  route({
    method: 'get',
    path: '/v1/kpi-catalog/:id',
    summary:
      'One KPI with all its terms, its baselines beside what they would be today, and the exceptions it relates to.',
    ability: 'see-kpis',
    status: 200,
    answer: kpiPage,
    handle: async (deps, call) => {
      const id = idOf(call);
      return (await deps.readModel.kpiCatalog.one(id)) ?? absent(id);
    },
  }),
  route({
    method: 'get',
    path: '/v1/kpi-catalog/:id/distribution',
    summary: 'How its figures (or the durations behind it) are spread over a period: quantiles and a histogram.',
    ability: 'see-kpis',
    query: distributionQuery,
    status: 200,
    answer: distributionAnswer,
    handle: async (deps, call) => {
      const id = idOf(call);
      return (await deps.readModel.kpiCatalog.distribution(id, call.query)) ?? absent(id);
    },
  }),
  route({
    method: 'post',
    path: '/v1/kpi-catalog/:id/terms',
    summary: 'Set owner, target and thresholds from a moment on. 409: somebody else has set them since `version`.',
    ability: 'edit-kpis',
    body: termsChange,
    status: 202,
    answer: termsSet,
    handle: async (deps, call) => {
      const id = idOf(call);
      const { name } = call.principal!;
      const before = await deps.readModel.kpiCatalog.one(id);
      if (before === null) return absent(id);
      const known = before.termsHistory[0]!;
      await audited(deps, name, 'kpi.terms-set', {
        id,
        version: call.body.version + 1,
        before: termsWords(known),
        after: termsWords(call.body),
      });
      try {
        const terms = await deps.readModel.kpiCatalog.setTerms(id, call.body, name);
        return terms === null ? absent(id) : { version: terms.version, terms };
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error;
        const remedy = 'Read it again and repeat your change on that version.';
        throw new Refusal(409, { title: 'Somebody was faster', detail: error.message, remedy });
      }
    },
  }),
  route({
    method: 'post',
    path: '/v1/kpi-catalog/:id/baselines',
    summary: 'Freeze the figure of a period under a name, as a whole and by week. It is never worked out again.',
    ability: 'edit-kpis',
    body: baselineRequest,
    status: 202,
    answer: baseline,
    handle: async (deps, call) => {
      const id = idOf(call);
      const { name } = call.principal!;
      const { from, to } = call.body;
      await audited(deps, name, 'kpi.baseline-frozen', { id, baseline: call.body.name, from, to });
      return (await deps.readModel.kpiCatalog.freeze(id, call.body, name)) ?? absent(id);
    },
  }),
  route({
    method: 'post',
    path: '/v1/kpi-catalog/:id/baselines/:baseline/remove',
    summary: 'Remove a baseline. The audit and history keep it.',
    ability: 'edit-kpis',
    status: 204,
    answer: null,
    handle: async (deps, call) => {
      const id = idOf(call);
      const { baseline: which = '' } = call.params;
      const { name } = call.principal!;
      await audited(deps, name, 'kpi.baseline-removed', { id, baseline: which });
      if (!(await deps.readModel.kpiCatalog.removeBaseline(id, which, name))) throw notFound(`Baseline "${which}"`);
    },
  }),
];
