import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  citedPathsExist,
  clientsMadeOnce,
  environmentReadOnce,
  filesStayReadable,
  keysNamedOnce,
  noLeftoverFolders,
  purity,
  sqlHeldOnce,
  staysInTheProject,
} from './support/architecture/code-rules.ts';
import {
  contractsLoadInABrowser,
  importCycles,
  importDirections,
  importsResolve,
} from './support/architecture/import-rules.ts';
import { listFiles, readTree, treeOf } from './support/architecture/source-tree.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const tree = readTree(root, ['streams', 'analytics', 'server', 'client']);
const withTests = readTree(root, ['streams', 'analytics', 'server', 'client', 'tests']);
const projectFiles = listFiles(root, '');
const read = (path: string): [string, string] => [path, readFileSync(join(root, path), 'utf8')];

describe('the code base', () => {
  test('imports point one way: client to contracts, server to analytics to streams', () => {
    expect(importDirections(tree)).toEqual([]);
  });
  test('contracts load in a browser', () => {
    expect(contractsLoadInABrowser(tree)).toEqual([]);
  });
  test('every import of our own files leads somewhere', () => {
    expect(importsResolve(withTests)).toEqual([]);
  });
  test('no file imports itself by way of others', () => {
    expect(importCycles(withTests)).toEqual([]);
  });
  test('pure folders read no clock, chance, environment, disk or network', () => {
    expect(purity(tree)).toEqual([]);
  });
  test('the environment and the arguments are read in one place', () => {
    expect(environmentReadOnce(tree)).toEqual([]);
  });
  test('clients of Redis and ClickHouse are made in one place', () => {
    expect(clientsMadeOnce(tree)).toEqual([]);
  });
  test('Redis keys are named in one place', () => {
    expect(keysNamedOnce(tree)).toEqual([]);
  });
  test('SQL statements are held in one place', () => {
    expect(sqlHeldOnce(tree)).toEqual([]);
  });
  test('no folder collects leftovers', () => {
    expect(noLeftoverFolders(tree.keys())).toEqual([]);
  });
  test('no source file is longer than 400 lines', () => {
    const long = filesStayReadable(tree, 260);
    if (long.length > 0) console.info(`Long files, worth a second look:\n${long.join('\n')}`);
    expect(filesStayReadable(tree, 400)).toEqual([]);
  });
  test('nothing but tests names a place outside of the project', () => {
    const texts = projectFiles.filter((path) => /\.(ts|vue|mjs|js|json|md|sql|ya?ml|css|html)$/.test(path));
    expect(staysInTheProject(new Map(texts.map(read)))).toEqual([]);
  });
  test('paths cited in documents exist', () => {
    const documents = new Map(projectFiles.filter((path) => path.endsWith('.md')).map(read));
    expect(citedPathsExist(documents, (path) => existsSync(join(root, path)))).toEqual([]);
  });
});

describe('each rule can fail', () => {
  test('an import against the direction', () => {
    const found = importDirections(
      treeOf({
        'streams/a.ts': `import { b } from '../analytics/b.ts';`,
        'analytics/b.ts': `export { c } from '../server/c.ts';`,
        'server/c.ts': `const d = await import('../client/d.ts');`,
        'client/d.ts': `import type { c } from '../server/c.ts';\nimport { x } from '../server/http/contract.ts';`,
        'client/view.vue': `<script setup lang="ts">import { b } from '../analytics/b.ts';</script>`,
        'server/http/contract.ts': `import { e } from '../../streams/events/e.ts';`,
        'streams/events/e.ts': '',
      }),
    );
    expect(found.map((sentence) => sentence.split(';')[0])).toEqual([
      'streams/a.ts imports analytics/b.ts',
      'analytics/b.ts imports server/c.ts',
      'server/c.ts imports client/d.ts',
      'client/d.ts imports server/c.ts',
      'client/view.vue imports analytics/b.ts',
    ]);
  });
  test('a contract that needs Node or code of the server', () => {
    const found = contractsLoadInABrowser(
      treeOf({
        'server/live/contract.ts': `import { z } from 'zod'; import { readFileSync } from 'node:fs';`,
        'streams/events/orders.ts': `import { order } from '../operations/order.ts';`,
        'streams/operations/orders/order.ts': '',
      }),
    );
    expect(found).toHaveLength(2);
  });
  test('an import that leads nowhere', () => {
    expect(importsResolve(treeOf({ 'server/a.ts': `import './gone.ts'; import 'vue';` }))).toHaveLength(1);
  });
  test('a cycle over three files, told once', () => {
    const found = importCycles(
      treeOf({
        'server/a.ts': `import './b.ts';`,
        'server/b.ts': `import './c.ts';`,
        'server/c.ts': `import type { A } from './a.ts';`,
        'server/d.ts': `import './a.ts';`,
      }),
    );
    expect(found).toEqual(['server/a.ts -> server/b.ts -> server/c.ts -> server/a.ts is a cycle']);
  });
  test.each([
    'const at = Date.now();',
    'const at = new Date();',
    'const luck = Math.random();',
    'const where = process.env;',
    'setTimeout(() => {}, 1);',
    `import { readFileSync } from 'node:fs';`,
    `import { randomUUID } from 'node:crypto'; const id = randomUUID();`,
    'const id = crypto.randomUUID();',
    `const answer = fetch('https://example.org');`,
    'const at = globalThis.performance.now();',
  ])('impure: %s', (code) => {
    expect(purity(treeOf({ 'streams/operations/a.ts': code }))).toHaveLength(1);
    expect(purity(treeOf({ 'server/a.ts': code }))).toEqual([]);
  });
  test('words that only look impure are no violation', () => {
    const code = `// Date.now()\nconst process_ = 'Math.random()'; const at = new Date(0); const x = { process: 1 }; x.process;`;
    expect(purity(treeOf({ 'streams/operations/a.ts': code }))).toEqual([]);
  });
  test('a second reader of the environment or of the arguments', () => {
    const code = 'const a = process.env.A; const b = process.argv[2];';
    expect(environmentReadOnce(treeOf({ 'server/http/a.ts': code }))).toHaveLength(2);
    expect(environmentReadOnce(treeOf({ 'server/http/a.ts': 'const { env } = process;' }))).toHaveLength(1);
    expect(environmentReadOnce(treeOf({ 'server/config.ts': code }))).toEqual([]);
    expect(environmentReadOnce(treeOf({ 'analytics/clickhouse/embedded/engine.ts': code }))).toHaveLength(1);
  });
  test('a second maker of clients', () => {
    const code = `const a = createClient({ url }); const b = redis.createCluster({});`;
    expect(clientsMadeOnce(treeOf({ 'streams/processing/a.ts': code }))).toHaveLength(2);
    expect(clientsMadeOnce(treeOf({ 'server/runtime.ts': code }))).toEqual([]);
  });
  test('a second place that names keys', () => {
    const code = `const a = '{main}:log'; const b = \`{\${workspace}}:facts\`; const c = \`{ x: \${b} }\`; const d = '{a}: b';`;
    expect(keysNamedOnce(treeOf({ 'server/a.ts': code }))).toHaveLength(2);
    expect(keysNamedOnce(treeOf({ 'streams/processing/keys.ts': code }))).toEqual([]);
  });
  test('a second place that holds SQL', () => {
    const code = `const a = \`\n  SELECT count() FROM \${table}\`; const b = 'INSERT INTO facts VALUES'; const c = 'SELECT';`;
    expect(sqlHeldOnce(treeOf({ 'server/http/a.ts': code }))).toHaveLength(2);
    expect(sqlHeldOnce(treeOf({ 'analytics/clickhouse/migrate.ts': code }))).toEqual([]);
  });
  test('a folder or a file for leftovers', () => {
    expect(
      noLeftoverFolders(['server/utils/a.ts', 'streams/shared/b.ts', 'client/helpers.ts', 'server/a.ts']),
    ).toHaveLength(3);
  });
  test('a file that is too long', () => {
    const lines = (count: number) => 'const a = 1;\n'.repeat(count);
    expect(filesStayReadable(treeOf({ 'server/a.ts': lines(401), 'server/b.ts': lines(400) }), 400)).toHaveLength(1);
  });
  test('a place outside of the project', () => {
    const texts = new Map([
      ['server/a.ts', `read('../shared/data')`],
      ['tests/a.ts', `read('../shared/data')`],
      ['README.md', 'see ../shareddata'],
    ]);
    expect(staysInTheProject(texts)).toEqual(['server/a.ts names a place outside of the project']);
  });
  test('a cited path that does not exist', () => {
    const documents = new Map([
      ['README.md', 'See [here](docs/a.md#part), [there](https://x.org/y), `server/gone.ts` and `streams/<name>`.'],
      ['docs/b.md', 'Back to [the start](../README.md) and [a](a.md), [c](./c.png).'],
    ]);
    const files = ['README.md', 'docs/a.md'];
    expect(citedPathsExist(documents, (path) => files.includes(path))).toEqual([
      'README.md cites server/gone.ts, which does not exist',
      'docs/b.md cites docs/c.png, which does not exist',
    ]);
  });
});
