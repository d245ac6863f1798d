/** Reads a mapping file; every problem names its line, column and field. */
import { type Document, isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Condition, type Mapping, mapping as mappingSchema } from './mapping.ts';
import { namesIn, unquotedTemplate } from './templates.ts';

export type MappingProblem = { line: number; column: number; path: string; message: string };
type Path = readonly PropertyKey[];
type Found = { path: Path; message: string };

const LENGTH_MAX = 1_000_000;
const ALIASES_MAX = 100;

/** Text of a mapping -> the mapping, or all that is wrong with it. Pure. */
export function readMapping(text: string): { mapping: Mapping } | { problems: MappingProblem[] } {
  if (text.length > LENGTH_MAX) return { problems: [{ line: 1, column: 1, path: '', message: 'is longer than 1 MB' }] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.length > 0) {
    return { problems: document.errors.map((error) => ({ ...at(error.pos[0]), path: '', message: error.message })) };
  }
  const raw: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
  const parsed = mappingSchema.safeParse(raw);
  const found = parsed.success ? crossCheck(parsed.data) : parsed.error.issues.flatMap(deepest);
  if (parsed.success && found.length === 0) return { mapping: parsed.data };
  return {
    problems: found.map(({ path, message }) => ({ ...at(offsetOf(document, path)), path: path.join('.'), message })),
  };
}

export const describeMappingProblem = (file: string, problem: MappingProblem): string =>
  `${file}:${problem.line}:${problem.column} ${problem.path === '' ? '' : `${problem.path}: `}${problem.message}`;

/** A union that fits nowhere is explained by the branch that came closest. */
function deepest(issue: z.core.$ZodIssue): Found[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not a setting of mappings' }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = issue.errors.toSorted((a, b) => a.length - b.length || depthOf(b) - depthOf(a))[0]!;
    return branch.flatMap((inner) => deepest({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  return [{ path: issue.path, message: issue.message }];
}
const depthOf = (issues: readonly z.core.$ZodIssue[]): number => Math.max(0, ...issues.map((one) => one.path.length));

/** The place of the path, or of its nearest parent that is written down. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((one) => isPair(one) && String(one.key) === String(key));
      if (pair !== undefined && isNode(pair.key) && pair.key.range) return pair.key.range[0];
    }
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

/** What zod cannot see: names that must exist elsewhere in the mapping. */
function crossCheck(mapping: Mapping): Found[] {
  const found: Found[] = [];
  const { fields, groups } = mapping;
  const needField = (path: Path, name: string, types?: readonly string[]) => {
    const field = fields[name];
    if (field === undefined) found.push({ path, message: `there is no field "${name}"` });
    else if (types !== undefined && !types.includes(field.type)) {
      found.push({ path, message: `field "${name}" is of type ${field.type}, not ${types.join(' or ')}` });
    }
  };
  const numbers = ['integer', 'decimal', 'money', 'product', 'absolute'];

  const seen: string[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const parts = field.type === 'product' ? field.of : field.type === 'absolute' ? [field.of] : [];
    parts.forEach((part, index) => {
      const path = ['fields', name, 'of', ...(field.type === 'product' ? [index] : [])];
      needField(path, part, numbers);
      if (fields[part] !== undefined && !seen.includes(part)) {
        found.push({ path, message: `"${part}" must be written above "${name}"` });
      }
    });
    seen.push(name);
  }
  needField(['time'], mapping.time, ['datetime']);
  const timeField = fields[mapping.time];
  if (timeField?.type === 'datetime' && timeField.optional) {
    found.push({ path: ['fields', mapping.time, 'optional'], message: 'the time of a row cannot be optional' });
  }
  mapping.totals.forEach((name, index) => {
    needField(['totals', index], name, numbers);
  });

  const checkTemplates = (path: Path, value: unknown, known: (name: string) => boolean): void => {
    if (typeof value === 'string') {
      for (const name of namesIn(value)) {
        if (!known(name)) found.push({ path, message: `"{${name}}" is not known here` });
      }
    } else if (typeof value === 'object' && value !== null) {
      const unquoted = unquotedTemplate(value);
      if (unquoted !== null) found.push({ path, message: `put quotes around '${unquoted}'` });
      else
        for (const [key, inner] of Object.entries(value))
          checkTemplates([...path, Array.isArray(value) ? Number(key) : key], inner, known);
    }
  };
  const plain = (name: string) => name in fields || name === 'row';
  const reversedOf = (name: string) =>
    name.startsWith('reversed.') && (name.slice(9) === 'line' || name.slice(9) in fields);

  mapping.preamble.forEach((event, index) => {
    checkTemplates(['preamble', index], event, () => false);
  });
  const usesReversed = new Set(mapping.rules.filter((rule) => rule.reverses !== undefined).map((rule) => rule.lineOf));
  for (const [name, group] of Object.entries(groups)) {
    const known = (one: string) => one in fields || one === 'line' || (usesReversed.has(name) && reversedOf(one));
    checkTemplates(['groups', name], group, known);
    if (!mapping.rules.some((rule) => rule.lineOf === name)) {
      found.push({ path: ['groups', name], message: 'no rule makes lines of this group' });
    }
  }
  mapping.rules.forEach((rule, index) => {
    const path = ['rules', index];
    if (rule.when !== undefined) checkCondition([...path, 'when'], rule.when, needField);
    const known = (one: string) => plain(one) || (rule.reverses !== undefined && reversedOf(one));
    checkTemplates([...path, 'leaveOut'], rule.leaveOut, known);
    checkTemplates([...path, 'events'], rule.events, known);
    if (rule.lineOf !== undefined && groups[rule.lineOf] === undefined) {
      found.push({ path: [...path, 'lineOf'], message: `there is no group "${rule.lineOf}"` });
    }
    if (rule.reverses === undefined) return;
    rule.reverses.same.forEach((name, at) => {
      needField([...path, 'reverses', 'same', at], name);
    });
    const reversed = groups[rule.reverses.group];
    if (reversed === undefined) {
      found.push({ path: [...path, 'reverses', 'group'], message: `there is no group "${rule.reverses.group}"` });
    }
    for (const event of reversed?.events ?? []) {
      if (JSON.stringify(event.data).includes('"standing"') && event.after < rule.reverses.within) {
        found.push({
          path: [...path, 'reverses', 'within'],
          message: `is longer than "after" of ${event.type}, which would then contain lines that are reversed later`,
        });
      }
    }
  });
  if (mapping.items !== undefined) {
    needField(['items', 'sku'], mapping.items.sku, ['text']);
    if (mapping.items.name) needField(['items', 'name', 'field'], mapping.items.name.field, ['text']);
    if (mapping.items.unitPrice) needField(['items', 'unitPrice', 'field'], mapping.items.unitPrice.field, ['money']);
    mapping.items.from.forEach((name, index) => {
      if (!mapping.rules.some((rule) => rule.name === name)) {
        found.push({ path: ['items', 'from', index], message: `there is no rule named "${name}"` });
      }
    });
  }
  return found;
}

function checkCondition(
  path: Path,
  condition: Condition,
  needField: (path: Path, name: string, types?: string[]) => void,
) {
  if ('not' in condition) return checkCondition([...path, 'not'], condition.not, needField);
  if ('all' in condition || 'any' in condition) {
    const [word, list] = 'all' in condition ? (['all', condition.all] as const) : (['any', condition.any] as const);
    list.forEach((inner, index) => {
      checkCondition([...path, word, index], inner, needField);
    });
    return;
  }
  const ordered = [condition.below, condition.above, condition.atLeast, condition.atMost].some((x) => x !== undefined);
  const numeric = ['integer', 'decimal', 'money', 'product', 'absolute'];
  needField(
    [...path, 'field'],
    condition.field,
    ordered ? numeric : condition.matches !== undefined ? ['text'] : undefined,
  );
}
