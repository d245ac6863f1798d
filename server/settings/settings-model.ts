/** Settings for the HTTP routes: reading, changing and trying them. */
import type { SettingsModel } from '../http/read-model.ts';
import { readDefinitionsPage, readVersions } from '../reading/settings.ts';
import type { Runtime } from '../runtime.ts';
import {
  type Changer,
  checkPolicy,
  configureWorkspace,
  define,
  definePolicy,
  importDocument,
  isPolicyKind,
} from './change.ts';
import { readDocument, readPolicies, readWorkspaceView } from './current.ts';
import type { Trials } from './trial/trials.ts';

export function createSettingsModel({
  runtime,
  mirror,
  trials,
}: {
  runtime: Runtime;
  mirror: { now(): number };
  trials: Trials;
}): SettingsModel {
  const changer = (by: string): Changer => ({ store: runtime, now: mirror.now(), by });
  return {
    settingsPage: (part, query) => readDefinitionsPage(runtime, part, query),
    settingsDocument: (items) => readDocument(runtime, items),
    settingsVersions: (thing, limit) => readVersions(runtime, thing, limit),
    importSettings: (document, dryRun, by) => importDocument(changer(by), document, dryRun),
    workspaceSettings: () => readWorkspaceView(runtime),
    define: (part, definition, by, basedOn) => define(changer(by), part, definition, basedOn),
    configureWorkspace: (definition, by, basedOn) => configureWorkspace(changer(by), definition, basedOn),
    policies: () => readPolicies(runtime),
    definePolicy: async (policy, change, by) =>
      isPolicyKind(policy) ? definePolicy(changer(by), policy, change) : null,
    async startTrial({ policy, body, days, watch }, by) {
      if (!isPolicyKind(policy)) return null;
      const tried = checkPolicy(policy, body);
      const { version } = (await readPolicies(runtime)).find((view) => view.policy === policy)!;
      return trials.start({ policy, body: tried, days, watch }, version, by);
    },
    trial: (id) => trials.read(id),
  };
}
