/** Turns the rules and groups of a mapping into functions once, so that rows only run them. */
import { compileCondition, type Holds } from './conditions.ts';
import type { Fields } from './fields.ts';
import type { MadeEvent, Mapping, Rule } from './mapping.ts';
import { createReversals, type Reversals } from './reversals.ts';
import { compileTemplate, compileWords, isForEach, type Json, type Scope } from './templates.ts';

export type CompiledEvent = {
  type: string;
  /** ms after the row, or after the first row of the group. */
  after: number;
  /** Null when a list that is made for each line would be empty. */
  make: (scope: Scope) => { id: string; data: Json } | null;
};
export type CompiledGroup = {
  by: (scope: Scope) => string;
  gapRows: number;
  events: CompiledEvent[];
  /** Who must hear of each line of this group. */
  reversibleBy: Reversals[];
};
export type CompiledRule = {
  rule: Rule;
  holds: Holds;
  reversals: Reversals | null;
  leaveOut: ((scope: Scope) => string) | null;
  group: CompiledGroup | null;
  events: CompiledEvent[];
};

export function compileMapping(mapping: Mapping, fields: Fields) {
  const groups = new Map(
    Object.entries(mapping.groups).map(([name, { by, gapRows, events }]): [string, CompiledGroup] => [
      name,
      {
        by: compileWords(by, fields),
        gapRows,
        events: events.map((event) => compileEvent(event, fields)),
        reversibleBy: [],
      },
    ]),
  );
  const rules = mapping.rules.map((rule): CompiledRule => {
    let reversals: Reversals | null = null;
    if (rule.reverses !== undefined) {
      const same = rule.reverses.same.map((name) => fields.index.get(name)!);
      reversals = createReversals(same, rule.reverses.within);
      groups.get(rule.reverses.group)!.reversibleBy.push(reversals);
    }
    return {
      rule,
      holds: rule.when === undefined ? () => true : compileCondition(rule.when, fields),
      reversals,
      leaveOut: rule.leaveOut === undefined ? null : compileWords(rule.leaveOut, fields),
      group: rule.lineOf === undefined ? null : groups.get(rule.lineOf)!,
      events: (rule.events ?? []).map((event) => compileEvent(event, fields)),
    };
  });
  return { groups, rules };
}

function compileEvent(made: MadeEvent, fields: Fields): CompiledEvent {
  const id = compileWords(made.id, fields);
  const data = compileTemplate(made.data, fields);
  const lists = Object.entries(made.data).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && isForEach(value) ? [key] : [],
  );
  return {
    type: made.type,
    after: made.after,
    make: (scope) => {
      const filled = data(scope) as { [key: string]: Json };
      if (lists.some((key) => (filled[key] as Json[]).length === 0)) return null;
      return { id: id(scope), data: filled };
    },
  };
}
