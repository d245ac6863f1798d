/** Settings: policies and master data, as one document and one by one. Every change is an event with a version. */
import { z } from 'zod';
import { eventCatalog } from '../../../streams/events/index.ts';
import { policyKinds, policySchemas } from '../../../streams/events/policies.ts';
import { page, pageQuery } from '../contract.ts';

const time = z.int(); // epoch milliseconds, UTC
const DEFINITIONS_MAX = 2_000;
const ITEMS_MAX = 50_000;

/** What each part of the settings is defined by, and which field names one of its entries. */
export const settingsParts = {
  nodes: { event: 'node.defined', schema: eventCatalog['node.defined'], key: 'node' },
  channels: { event: 'channel.defined', schema: eventCatalog['channel.defined'], key: 'channel' },
  sources: { event: 'source.defined', schema: eventCatalog['source.defined'], key: 'source' },
  items: { event: 'item.defined', schema: eventCatalog['item.defined'], key: 'sku' },
} as const;
export type SettingsPart = keyof typeof settingsParts;
export const settingsPartNames = Object.keys(settingsParts) as SettingsPart[];

/** The whole of the settings as one document. What a document does not name stays as it is. */
export const settingsDocument = z.strictObject({
  workspace: eventCatalog['workspace.configured'].optional(),
  policies: z.strictObject(policySchemas).partial().optional(),
  nodes: z.array(settingsParts.nodes.schema).max(DEFINITIONS_MAX).optional(),
  channels: z.array(settingsParts.channels.schema).max(DEFINITIONS_MAX).optional(),
  sources: z.array(settingsParts.sources.schema).max(DEFINITIONS_MAX).optional(),
  items: z.array(settingsParts.items.schema).max(ITEMS_MAX).optional(),
});
export type SettingsDocument = z.output<typeof settingsDocument>;

export const documentQuery = z.object({
  /** Items as well, which may be many. */
  items: z.stringbool().default(false),
});
export const definitionQuery = z.object({
  /** The version this change was made from: refused when somebody else was faster. 0: there was none. */
  version: z.coerce.number().int().min(0).optional(),
});
export const importQuery = z.object({
  /** Only say what would change. */
  dryRun: z.stringbool().default(false),
});

export const fieldChange = z.object({ path: z.string(), before: z.unknown(), after: z.unknown() });
/** One thing that changes, such as `nodes BER-1` or `policies allocation`. */
export const settingsChange = z.object({
  part: z.string(),
  id: z.string(),
  change: z.enum(['added', 'changed']),
  fields: z.array(fieldChange),
});
export type SettingsChange = z.infer<typeof settingsChange>;
export const importAnswer = z.object({
  applied: z.boolean(),
  changes: z.array(settingsChange),
  /** What the document names and what is so already. */
  unchanged: z.int(),
});
export type ImportAnswer = z.infer<typeof importAnswer>;

export const policyView = z.object({
  policy: z.enum(policyKinds as [string, ...string[]]),
  body: z.unknown(),
  /** 0 while only the defaults hold. */
  version: z.int(),
  definedAt: time.nullable(),
  by: z.string().nullable(),
});
export type PolicyView = z.infer<typeof policyView>;
export const policiesAnswer = z.object({ items: z.array(policyView) });

export const policyChange = z.object({
  body: z.unknown(),
  note: z.string().max(2_000).optional(),
  /** The version this change was made from: refused when somebody else was faster. */
  version: z.int().min(0).optional(),
});

export const definitionView = z.object({
  id: z.string(),
  definition: z.unknown(),
  version: z.int(),
  definedAt: time,
  by: z.string().nullable(),
});
export type DefinitionView = z.infer<typeof definitionView>;
export const definitionsQuery = pageQuery.extend({ q: z.string().max(200).optional() });
export const definitionsPage = page(definitionView);

export const versionRow = z.object({
  seq: z.int(),
  occurredAt: time,
  receivedAt: time,
  source: z.string(),
  by: z.string().nullable(),
  definition: z.unknown(),
});
export const versionsQuery = z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) });
export const versionsAnswer = z.object({ items: z.array(versionRow) });
export type VersionsAnswer = z.infer<typeof versionsAnswer>;

// --- Trials: what a changed policy would have done
export const TRIAL_DAYS_MAX = 92;
export const trialRequest = z.object({
  policy: z.enum(policyKinds as [string, ...string[]]),
  body: z.unknown(),
  days: z.int().min(1).max(TRIAL_DAYS_MAX).default(7),
  /** A kind of exception of which every opening is told. */
  watch: z.string().min(1).max(60).optional(),
});
const opening = z.object({ subject: z.string(), title: z.string(), at: time, moneyAtRisk: z.int() });
const figures = z.record(z.string(), z.number());
export const trialView = z.object({
  id: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  policy: z.string(),
  /** What is tried, and the version that held when it began. */
  body: z.unknown(),
  basedOn: z.int(),
  days: z.int(),
  from: time,
  to: time,
  by: z.string(),
  /** Share of the events that have been folded, 0 to 1. */
  progress: z.number(),
  events: z.int(),
  problem: z.string().optional(),
  /** The same days under the policy as it was, and under the one that is tried. Money in minor units. */
  asItWas: figures.optional(),
  asTried: figures.optional(),
  /** What decided differently, the first of them. */
  differences: z
    .array(z.object({ order: z.string(), line: z.string(), asItWas: z.string(), asTried: z.string() }))
    .optional(),
  differentDecisions: z.int().optional(),
  /** Exceptions of the watched kind that opened, in both ways; not all of very many. */
  opened: z.object({ kind: z.string(), asItWas: z.array(opening), asTried: z.array(opening) }).optional(),
});
export type TrialView = z.infer<typeof trialView>;
