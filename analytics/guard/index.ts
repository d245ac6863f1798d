/**
 * Whether a question of an analyst may run, and as what. In the engine's own words: it writes the text anew, which is one
 * statement without comments, and shows its tree, in which everything must be known to be harmless. What it wrote is what
 * runs. It stands in front of every engine; grants and limits stand behind it.
 */
import { readCanonical } from './canonical.ts';
import type { GuardEngine } from './engine.ts';
import { type Fault, type Finding, faultsOf } from './faults.ts';
import { type GuardSchema, judgeTree } from './judge.ts';
import { type Parameter, type ParameterValue, parametersOf, withValues } from './parameters.ts';
import { readSyntaxError } from './syntax-error.ts';
import { readTree } from './tree.ts';

export { explainStatement, type GuardEngine, guardEngineOf, linesOf, writeStatement } from './engine.ts';
export { allowedFunctionNames } from './functions.ts';
export type { Fault, GuardSchema, Parameter };

export const QUESTION_CHARACTERS_MAX = 20_000;
/** Values of parameters make a text longer. Engines read statements of 256 KiB, and a text travels as twice its bytes. */
const BYTES_MAX = 120_000;
const LINES_MAX = 20_000;

export type Verdict =
  | { canonical: string; faults: []; views: string[]; parameters: Parameter[] }
  | { canonical: null; faults: Fault[]; views: string[]; parameters: Parameter[] };

export type Guard = {
  /** @throws only when the engine cannot be asked; whatever is wrong with the question is a fault */
  check(text: string, values?: Readonly<Record<string, ParameterValue>>): Promise<Verdict>;
};

export function createGuard({ engine, schema }: { engine: GuardEngine; schema: GuardSchema }): Guard {
  return {
    async check(text, values = {}) {
      const parameters = text.length > QUESTION_CHARACTERS_MAX ? [] : parametersOf(text);
      const refuse = (findings: readonly Finding[]): Verdict => ({
        canonical: null,
        faults: faultsOf(text, findings),
        views: [],
        parameters,
      });
      const unfit = textFindings(text);
      if (unfit.length > 0) return refuse(unfit);
      const bound = withValues(text, values);
      if ('findings' in bound) return refuse(bound.findings);
      if (Buffer.byteLength(bound.text) > BYTES_MAX) return refuse([tooLong]);
      const written = await canonicalOf(engine, bound.text);
      if ('finding' in written) return refuse([placedIn(text, bound.text, written.finding)]);
      const { canonical } = written;
      const read = readCanonical(canonical);
      if ('findings' in read) return refuse(read.findings);
      const tree = await treeOf(engine, canonical);
      if ('finding' in tree) return refuse([{ ...tree.finding, at: undefined }]);
      const { findings, views } = judgeTree(tree.root, read.named, schema);
      return findings.length > 0 ? refuse(findings) : { canonical, faults: [], views, parameters };
    },
  };
}

/** A place in the text with its values is one in the text as it was written only as far as they are the same. */
function placedIn(text: string, bound: string, finding: Finding): Finding {
  const { at } = finding;
  const same = typeof at !== 'number' || text.slice(0, at) === bound.slice(0, at);
  return same ? finding : { ...finding, at: undefined };
}

const tooLong: Finding = {
  what: `the question is longer than ${BYTES_MAX.toLocaleString('en')} bytes with its values`,
  remedy: 'use shorter lists',
};

/** Characters that hide what a text says, from people or from the engine. */
const HIDDEN = /[^\P{Cc}\t\n\r]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

function textFindings(text: string): Finding[] {
  if (text.length > QUESTION_CHARACTERS_MAX) {
    const most = QUESTION_CHARACTERS_MAX.toLocaleString('en');
    return [{ what: `the question is longer than ${most} characters`, remedy: 'put long lists into a parameter' }];
  }
  if (text.trim() === '') return [{ what: 'there is nothing to run', remedy: 'write a SELECT' }];
  const hidden = text.search(HIDDEN);
  return hidden < 0 ? [] : [{ what: 'there is a character that cannot be seen', remedy: 'delete it', at: hidden }];
}

async function canonicalOf(engine: GuardEngine, text: string): Promise<{ canonical: string } | { finding: Finding }> {
  try {
    const canonical = await engine.write(text);
    if (canonical === '' || Buffer.byteLength(canonical) > BYTES_MAX) return { finding: tooLong };
    return { canonical };
  } catch (error) {
    return { finding: readSyntaxError(error, text) };
  }
}

async function treeOf(engine: GuardEngine, canonical: string) {
  let lines: string[];
  try {
    lines = await engine.explain(canonical);
  } catch (error) {
    return { finding: readSyntaxError(error, canonical) };
  }
  if (lines.length > LINES_MAX)
    return { finding: { what: 'the question has too many parts', remedy: 'make it shorter' } };
  const tree = readTree(lines);
  return 'root' in tree
    ? tree
    : { finding: { what: 'a part of the question is not known here', remedy: tree.problem.trim() } };
}
