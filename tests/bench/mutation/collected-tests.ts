/** Stands in the place of Vitest: tests are collected, so that one process can run them again and again. */
import { expect } from 'vitest';

export type CollectedTest = { name: string; run: () => unknown; file: string };
type Scope = { name: string; before: (() => unknown)[]; after: (() => unknown)[] };

export const collected: CollectedTest[] = [];
const scopes: Scope[] = [];
let file = '';
export const nameFile = (name: string): void => {
  file = name;
};

export const describe = Object.assign(
  (name: string, body: () => void) => {
    scopes.push({ name, before: [], after: [] });
    body();
    scopes.pop();
  },
  { each: unsupported, skip: () => undefined },
);

function add(name: string, options: unknown, body?: unknown): void {
  const run = (typeof options === 'function' ? options : body) as () => unknown;
  const around = [...scopes];
  collected.push({
    name: [...around.map((scope) => scope.name), name].join(' > '),
    file,
    async run() {
      for (const scope of around) for (const before of scope.before) await before();
      try {
        await run();
      } finally {
        for (const scope of around) for (const after of scope.after) await after();
      }
    },
  });
}

const each = (rows: readonly unknown[]) => (name: string, body: (...row: unknown[]) => unknown) => {
  for (const [index, row] of rows.entries())
    add(`${name} ${index}`, () => (Array.isArray(row) ? body(...row) : body(row)));
};
function unsupported(): never {
  throw new Error('this way to describe tests is not collected');
}

export const test = Object.assign(add, { each, skip: () => undefined, todo: () => undefined });
export const it: typeof test = test;
export const beforeEach = (run: () => unknown): void => void scopes.at(-1)?.before.push(run);
export const beforeAll: typeof beforeEach = beforeEach;
export const afterEach = (run: () => unknown): void => void scopes.at(-1)?.after.push(run);
export const afterAll: typeof afterEach = afterEach;
export { expect };
