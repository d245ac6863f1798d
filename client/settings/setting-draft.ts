/** One setting as somebody changes it: what is typed, what that would change, what is wrong, and who was faster. */
import { type ComputedRef, computed, type ShallowRef, shallowRef } from 'vue';
import type { z } from 'zod';
import type { SettingsChange } from '../../server/http/contract/settings.ts';
import { changeOf } from '../../server/http/contract/settings-changes.ts';
import { asProblem } from '../http/load.ts';
import type { RequestProblem } from '../http/request.ts';
import { type Problems, problemsOf } from './check-setting.ts';

export type Draft = Record<string, unknown>;
/** What holds: version 0 when there is nothing yet. */
export type Held = { definition: Draft; version: number; by: string | null; definedAt: number | null };
export type FieldChange = SettingsChange['fields'][number];

const HOLDS_AFTER_MS_MAX = 6_000;
const LOOK_EVERY_MS = 150;

export type SettingDraft = {
  draft: ShallowRef<Draft>;
  base: ShallowRef<Held>;
  /** The draft with what holds where it says nothing. */
  complete: ComputedRef<Draft>;
  changes: ComputedRef<FieldChange[]>;
  problems: ComputedRef<Problems>;
  isValid: ComputedRef<boolean>;
  step: ShallowRef<'edit' | 'review'>;
  saving: ShallowRef<boolean>;
  failure: ShallowRef<RequestProblem | null>;
  /** What somebody else saved meanwhile. */
  theirs: ShallowRef<Held | null>;
  edit(draft: Draft): void;
  review(): void;
  discard(): void;
  save(): Promise<boolean>;
  keepTheirs(): void;
  /** What was made from an older version than the one that holds: both sides are shown. */
  meet(older: Held, mine: Draft): void;
  /** My changes, made again on what they saved. */
  repeatOnTheirs(): void;
};

export function useSettingDraft(options: {
  held: Held;
  schema: z.ZodObject;
  minorPerMajor: () => number;
  /** An item keeps what a definition of it leaves out. */
  keepsWhatIsLeftOut?: boolean;
  send: (definition: Draft, basedOn: number) => Promise<unknown>;
  read: () => Promise<Held>;
}): SettingDraft {
  const { schema, keepsWhatIsLeftOut = false } = options;
  const base = shallowRef(options.held);
  const draft = shallowRef<Draft>(options.held.definition);
  const step = shallowRef<'edit' | 'review'>('edit');
  const saving = shallowRef(false);
  const failure = shallowRef<RequestProblem | null>(null);
  const theirs = shallowRef<Held | null>(null);
  /** Nobody is told that a field is needed before having had the time to fill it in. */
  const tried = shallowRef(false);
  const refused = shallowRef<Problems>(new Map());

  const found = computed(() => problemsOf(schema, draft.value, options.minorPerMajor()));
  const isValid = computed(() => found.value.size === 0);
  const problems = computed(() => {
    const shown = [...found.value].filter(([, words]) => tried.value || words !== 'is needed');
    return new Map([...refused.value, ...shown]);
  });
  const completed = computed(() => complete(draft.value));
  const changes = computed(() => differences(base.value, completed.value));

  return {
    draft,
    base,
    complete: completed,
    changes,
    problems,
    isValid,
    step,
    saving,
    failure,
    theirs,
    edit,
    review,
    discard,
    save,
    keepTheirs,
    repeatOnTheirs,
    meet,
  };

  function complete(given: Draft): Draft {
    const parsed = schema.safeParse(given);
    return parsed.success ? (parsed.data as Draft) : given;
  }

  function differences(from: Held, to: Draft): FieldChange[] {
    const before = from.version === 0 && Object.keys(from.definition).length === 0 ? {} : complete(from.definition);
    return changeOf('', '', before, keepsWhatIsLeftOut ? { ...before, ...to } : to)?.fields ?? [];
  }

  function edit(changed: Draft): void {
    draft.value = changed;
    refused.value = new Map();
    failure.value = null;
    step.value = 'edit';
  }

  function review(): void {
    tried.value = true;
    if (isValid.value) step.value = 'review';
  }

  function discard(): void {
    edit(base.value.definition);
    theirs.value = null;
    tried.value = false;
  }

  /** @returns whether it holds now */
  async function save(): Promise<boolean> {
    saving.value = true;
    failure.value = null;
    const { version } = base.value;
    try {
      await options.send(draft.value, version);
      await holds(version);
      tried.value = false;
      step.value = 'edit';
      return true;
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 409) theirs.value = await options.read().catch(() => null);
      if (theirs.value === null || problem.status !== 409) failure.value = problem;
      refused.value = new Map((problem.problem.errors ?? []).map(({ path, message }) => [path, message]));
      step.value = 'edit';
      return false;
    } finally {
      saving.value = false;
    }
  }

  /** It is stored at once, and holds as soon as the processor has come to it. */
  async function holds(before: number): Promise<void> {
    const deadline = Date.now() + HOLDS_AFTER_MS_MAX;
    for (;;) {
      const held = await options.read();
      if (held.version > before || Date.now() > deadline) {
        base.value = held.version > before ? held : { ...held, definition: draft.value };
        draft.value = base.value.definition;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  function keepTheirs(): void {
    if (theirs.value === null) return;
    base.value = theirs.value;
    theirs.value = null;
    edit(base.value.definition);
  }

  function meet(older: Held, mine: Draft): void {
    theirs.value = base.value;
    base.value = older;
    edit(mine);
  }

  function repeatOnTheirs(): void {
    if (theirs.value === null) return;
    const mine = repeated(base.value.definition, draft.value, theirs.value.definition);
    base.value = theirs.value;
    theirs.value = null;
    edit(mine);
    review();
  }
}

/** What I changed, on what they have: field by field of the setting itself, a list as a whole. Pure. */
export function repeated(before: Draft, mine: Draft, theirs: Draft): Draft {
  const after = { ...theirs };
  for (const name of new Set([...Object.keys(before), ...Object.keys(mine)])) {
    if (JSON.stringify(before[name]) === JSON.stringify(mine[name])) continue;
    if (mine[name] === undefined) delete after[name];
    else after[name] = mine[name];
  }
  return after;
}
