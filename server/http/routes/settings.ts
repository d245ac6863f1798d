/** Settings: policies and master data. Reads for all who plan; every change is checked, audited and becomes an event. */
import { stringify } from 'yaml';
import { z } from 'zod';
import { BadSettings, type FieldProblem, Overtaken } from '../../settings/change.ts';
import { readYaml } from '../../settings/read-yaml.ts';
import { TrialRunning } from '../../settings/trial/trials.ts';
import {
  definitionQuery,
  definitionsPage,
  definitionsQuery,
  definitionView,
  documentQuery,
  importAnswer,
  importQuery,
  policiesAnswer,
  policyChange,
  policyView,
  settingsChange,
  settingsPartNames,
  settingsParts,
  trialRequest,
  trialView,
  versionsAnswer,
  versionsQuery,
} from '../contract/settings.ts';
import { notFound, Refusal } from '../problems.ts';
import { type HandlerDeps, type Route, route } from '../route.ts';

const TRIAL_RETRY_SECONDS = 30;
const DOCUMENT_BYTES_MAX = 16 * 1024 * 1024;
const changed = z.object({ change: settingsChange.nullable() });

/**
 * What is wrong with the settings that were sent is the sender's to mend; who was overtaken has to look again.
 * @param lineOf where in what was sent a path stands
 */
async function telling<T>(work: Promise<T>, lineOf?: (path: FieldProblem['path']) => number): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof BadSettings) {
      const errors = error.problems.map(({ path, message }) => ({
        path: path.join('.'),
        message,
        ...(lineOf === undefined ? {} : { line: lineOf(path) }),
      }));
      throw new Refusal(400, { title: 'Invalid settings', detail: error.message, errors });
    }
    if (error instanceof TrialRunning) throw new Refusal(429, { detail: error.message }, TRIAL_RETRY_SECONDS);
    if (error instanceof Overtaken) {
      const remedy = 'Read it again and repeat your change on that version.';
      throw new Refusal(409, { title: 'Somebody was faster', detail: error.message, remedy });
    }
    throw error;
  }
}

const audited = (deps: HandlerDeps, name: string, what: string, detail: Record<string, string | number>) =>
  deps.access.audit.record(name, what, detail);

const partRoutes: Route[] = settingsPartNames.flatMap((part) => {
  const { schema } = settingsParts[part];
  const one = part.slice(0, -1);
  return [
    route({
      method: 'get',
      path: `/v1/settings/${part}`,
      summary: `The ${part} as they are defined, by id.`,
      ability: 'see-settings',
      query: definitionsQuery,
      status: 200,
      answer: definitionsPage,
      handle: (deps, { query }) => deps.readModel.settingsPage(part, query),
    }),
    route({
      method: 'post',
      path: `/v1/settings/${part}`,
      summary: `Define one ${one} anew. Nothing happens when it is so already.`,
      ability: 'edit-settings',
      query: definitionQuery,
      // What nobody knows is kept until it is named as a mistake.
      body: schema.loose(),
      status: 202,
      answer: changed,
      handle: async (deps, { query, body, principal }) => {
        const { name } = principal!;
        const id = (body as Record<string, string>)[settingsParts[part].key]!;
        await audited(deps, name, `settings.${one}-defined`, { id });
        return { change: await telling(deps.readModel.define(part, body, name, query.version)) };
      },
    }),
  ];
});

export const settingsRoutes: Route[] = [
  route({
    method: 'get',
    path: '/v1/settings/document',
    summary: 'All policies and master data as one YAML document; importing it again changes nothing.',
    ability: 'see-settings',
    query: documentQuery,
    status: 200,
    answer: z.string(),
    answerType: 'application/yaml; charset=utf-8',
    handle: async (deps, { query }) => stringify(await deps.readModel.settingsDocument(query.items)),
  }),
  route({
    method: 'post',
    path: '/v1/settings/document',
    summary:
      'Import settings from one YAML (or JSON) document: all of it is checked first; `dryRun` only tells what would change.',
    ability: 'edit-settings',
    query: importQuery,
    rawBodyBytesMax: DOCUMENT_BYTES_MAX,
    rawBodyTypes: ['application/yaml', 'application/json'],
    status: 200,
    answer: importAnswer,
    handle: async (deps, { query, body, principal }) => {
      const given = readYaml((body as Buffer).toString('utf8'));
      if ('problems' in given) {
        const errors = given.problems.map((problem) => ({ path: '', ...problem }));
        throw new Refusal(400, { title: 'Malformed document', detail: errors[0]!.message, errors });
      }
      if (!query.dryRun) await audited(deps, principal!.name, 'settings.imported', {});
      const { name } = principal!;
      return telling(deps.readModel.importSettings(given.value, query.dryRun, name), given.lineOf);
    },
  }),
  route({
    method: 'get',
    path: '/v1/settings/workspace',
    summary: 'The workspace as it is configured; version 0 until it is.',
    ability: 'see-settings',
    status: 200,
    answer: definitionView,
    handle: (deps) => deps.readModel.workspaceSettings(),
  }),
  route({
    method: 'post',
    path: '/v1/settings/workspace',
    summary: 'Name, currency, time zone and mode of the workspace.',
    ability: 'edit-settings',
    query: definitionQuery,
    body: z.looseObject({}),
    status: 202,
    answer: changed,
    handle: async (deps, { query, body, principal }) => {
      await audited(deps, principal!.name, 'settings.workspace-configured', {});
      return { change: await telling(deps.readModel.configureWorkspace(body, principal!.name, query.version)) };
    },
  }),
  route({
    method: 'get',
    path: '/v1/settings/versions/:thing',
    summary:
      'How a setting was defined over time, newest first: `policies:allocation`, `nodes:BER-1`, `items:MUG-1`, `workspace`.',
    ability: 'see-settings',
    query: versionsQuery,
    status: 200,
    answer: versionsAnswer,
    handle: (deps, { params: { thing = '' }, query }) => {
      const part = thing.split(':')[0]!;
      if (!['workspace', 'policies', ...settingsPartNames].includes(part)) throw notFound(`A setting "${thing}"`);
      return deps.readModel.settingsVersions(thing, query.limit);
    },
  }),
  ...partRoutes,
  route({
    method: 'get',
    path: '/v1/policies',
    summary: 'Every policy as it holds, with its version; version 0 are the defaults.',
    ability: 'see-settings',
    status: 200,
    answer: policiesAnswer,
    handle: async (deps) => ({ items: await deps.readModel.policies() }),
  }),
  route({
    method: 'get',
    path: '/v1/policies/:policy',
    summary: 'One policy as it holds.',
    ability: 'see-settings',
    status: 200,
    answer: policyView,
    handle: async (deps, { params: { policy = '' } }) =>
      (await deps.readModel.policies())?.find((view) => view.policy === policy) ??
      Promise.reject(notFound(`Policy "${policy}"`)),
  }),
  route({
    method: 'post',
    path: '/v1/policies/:policy',
    summary: 'Define a policy anew; name the version you began from, so that nobody is overwritten unseen.',
    ability: 'edit-settings',
    body: policyChange,
    status: 202,
    answer: z.object({ version: z.int() }),
    handle: async (deps, { params: { policy = '' }, body, principal }) => {
      await audited(deps, principal!.name, 'policy.defined', { policy });
      const { note, version: basedOn } = body;
      const version = await telling(
        deps.readModel.definePolicy(policy, { body: body.body, note, basedOn }, principal!.name),
      );
      if (version === null) throw notFound(`Policy "${policy}"`);
      return { version };
    },
  }),
  route({
    method: 'post',
    path: '/v1/trials',
    summary:
      'Try a policy on the last days: the same events are folded under it and under what holds, and the difference is told.',
    ability: 'try-policies',
    body: trialRequest,
    status: 202,
    answer: trialView,
    handle: async (deps, { body, principal }) => {
      const trial = await telling(deps.readModel.startTrial(body, principal!.name));
      return trial ?? Promise.reject(notFound(`Policy "${body.policy}"`));
    },
  }),
  route({
    method: 'get',
    path: '/v1/trials/:id',
    summary: 'How far a trial is, and what it found.',
    ability: 'try-policies',
    status: 200,
    answer: trialView,
    handle: async (deps, { params: { id = '' } }) =>
      (await deps.readModel.trial(id)) ?? Promise.reject(notFound(`Trial "${id}"`)),
  }),
];
