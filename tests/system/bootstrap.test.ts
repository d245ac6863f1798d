import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { BootstrapProject } from '../support/bootstrap-project.ts';

const programsUrl = new URL('../../server/bootstrap/programs.mjs', import.meta.url).href;
const root = fileURLToPath(new URL('../..', import.meta.url));
const overheadMsMax = 300;

let projects: BootstrapProject[] = [];

afterEach(() => {
  for (const project of projects) project.remove();
  projects = [];
});

function projectWith(program: string): BootstrapProject {
  const project = new BootstrapProject(program);
  projects.push(project);
  return project;
}

const waitsForSignals = `
  import { appendFileSync } from 'node:fs';
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      appendFileSync('signals', signal + '\\n');
      setTimeout(() => process.exit(7), 300);
    });
  }
  setInterval(() => undefined, 1000);
  console.log('ready');
`;

test('a Node that is too old is told what to install', async () => {
  const project = projectWith('');
  project.write('old.cjs', `Object.defineProperty(process.versions, 'node', { value: '18.20.0' });`);
  const { code, output } = await project.run(['start'], {}, ['--require', './old.cjs']);
  expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('Install Node 20 or newer') });
});

test('the application gets its arguments and its exit code comes back', async () => {
  const project = projectWith('console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 42;');
  const { code, output } = await project.run(['query', 'SELECT 1', '--flag']);
  expect({ code, output: output.trim() }).toEqual({ code: 42, output: '["query","SELECT 1","--flag"]' });
});

test('a second start costs less than 300 ms before the application runs', async () => {
  const project = projectWith('console.log(Date.now());');
  await project.run(['doctor']);
  const direct: number[] = [];
  const bootstrapped: number[] = [];
  // The application alone is the control: on a busy machine every start of a process is slow.
  for (let attempt = 0; attempt < 8; attempt++) {
    const startedAt = Date.now();
    const alone = spawnSync(process.execPath, ['server/index.ts'], { cwd: project.folder, encoding: 'utf8' });
    direct.push(Number(alone.stdout) - startedAt);
    const startedAgainAt = Date.now();
    bootstrapped.push(Number((await project.run(['doctor'])).output) - startedAgainAt);
  }
  const overheadMs = Math.min(...bootstrapped) - Math.min(...direct);
  expect(overheadMs).toBeLessThan(overheadMsMax);
});

test('Ctrl-C that arrives from npm and from the terminal reaches the application once', async () => {
  const project = projectWith(waitsForSignals);
  const { child, ended, output } = project.start(['doctor']);
  await vi.waitUntil(() => output().includes('ready'), { timeout: 10_000 });
  child.kill('SIGINT');
  await vi.waitUntil(() => existsSync(join(project.folder, 'signals')), { timeout: 10_000 });
  child.kill('SIGINT');
  const { code } = await ended;
  expect(code).toBe(7);
  expect(readFileSync(join(project.folder, 'signals'), 'utf8')).toBe('SIGINT\n');
});

test('the application ends in order when the bootstrap is killed', async () => {
  const project = projectWith(waitsForSignals);
  const { child, output } = project.start(['doctor']);
  await vi.waitUntil(() => output().includes('ready'), { timeout: 10_000 });
  child.kill('SIGKILL');
  await vi.waitUntil(() => existsSync(join(project.folder, 'signals')), { timeout: 10_000 });
  expect(readFileSync(join(project.folder, 'signals'), 'utf8')).toBe('SIGTERM\n');
});

test('worker threads and children of the application run as without the bootstrap', async () => {
  const project = projectWith(`
    import { fork } from 'node:child_process';
    import { Worker } from 'node:worker_threads';
    if (process.argv.includes('child')) {
      console.log('child', process.execArgv.length);
    } else {
      new Worker('console.log("worker")', { eval: true }).on('exit', () => fork(import.meta.filename, ['child']));
    }`);
  const { code, output } = await project.run(['doctor']);
  expect({ code, output }).toEqual({ code: 0, output: 'worker\nchild 1\n' });
});

test('packages are installed when the lock has changed, and only then', async () => {
  const project = projectWith('console.log("ran");');
  const installed = 'cp package-lock.json node_modules/.package-lock.json';
  project.writeProgram('npm', `echo "$@" >> npm-calls; ${installed}`);
  await project.run(['doctor']);
  expect(existsSync(join(project.folder, 'npm-calls'))).toBe(false);
  const lock = JSON.parse(readFileSync(join(project.folder, 'package-lock.json'), 'utf8'));
  lock.packages['node_modules/new-package'] = { version: '1.0.0' };
  project.write('package-lock.json', JSON.stringify(lock));
  expect((await project.run(['doctor'])).output).toMatch(/Installing packages with npm: done[\s\S]*ran/);
  await project.run(['doctor']);
  expect(readFileSync(join(project.folder, 'npm-calls'), 'utf8').trim().split('\n')).toEqual([
    expect.stringMatching(/^ci --include=dev/),
  ]);
});

test('a lock without the packages of this platform falls back to npm install, which keeps to it', async () => {
  const project = projectWith('console.log("ran");');
  project.write('node_modules/.package-lock.json', '{}');
  const refuses = 'if [ "$1" = ci ]; then echo "npm error code EUSAGE" >&2; exit 1; fi';
  project.writeProgram(
    'npm',
    `echo "$@" >> npm-calls; ${refuses}; cp package-lock.json node_modules/.package-lock.json`,
  );
  expect((await project.run(['doctor'])).output).toContain('ran');
  expect(readFileSync(join(project.folder, 'npm-calls'), 'utf8')).toMatch(/^ci .*\ninstall --no-save .*\n$/);
});

test('a registry that cannot be reached ends with npm’s words and the remedy', async () => {
  const project = projectWith('console.log("ran");');
  project.write('node_modules/.package-lock.json', '{}');
  project.writeProgram('npm', 'echo "npm error code EAI_AGAIN" >&2; exit 1');
  const { code, output } = await project.run(['doctor']);
  expect(code).toBe(1);
  expect(output).toMatch(/EAI_AGAIN[\s\S]*The package registry cannot be reached/);
  expect(output).not.toContain('    at ');
});

/** Runs ensureRedis as on a machine whose only programs are those of the project's `bin` folder. */
function ensureRedisWith(project: BootstrapProject) {
  const folder = join(project.folder, 'bin');
  mkdirSync(folder, { recursive: true });
  const code = `
    const { ensureRedis } = await import(${JSON.stringify(programsUrl)});
    await ensureRedis([${JSON.stringify(folder)}]).then(() => console.log('found'), (error) => console.log(error.message));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  return stdout + stderr;
}

test('Redis is installed with the package manager of the machine', () => {
  const project = projectWith('');
  const redis = join(project.folder, 'bin', 'redis-server');
  project.writeProgram('brew', `[ "$*" = "install redis" ] && echo > '${redis}' && /bin/chmod 755 '${redis}'`);
  expect(ensureRedisWith(project)).toMatch(/^found\n[\s\S]*Installing Redis with brew: done/);
  expect(existsSync(redis)).toBe(true);
});

test('a valkey-server will do', () => {
  const project = projectWith('');
  project.writeProgram('valkey-server', '');
  expect(ensureRedisWith(project)).toBe('found\n');
});

test('when Redis cannot be installed, one message names the commands and the option', () => {
  const project = projectWith('');
  project.writeProgram('brew', 'echo "Error: no network"; exit 1');
  const output = ensureRedisWith(project);
  expect(output).toMatch(/brew install redis[\s\S]*--redis-url[\s\S]*brew failed with code 1:\nError: no network/);
});

test('without any package manager the message says so', () => {
  expect(ensureRedisWith(projectWith(''))).toMatch(/No package manager that Tideline knows was found/);
});

const testConfig = `export default { test: { include: ['tests/**/*.test.ts'] } };`;
const imports = `import { expect, test } from 'vitest';`;

test('the last line of the tests counts what passed, failed and was skipped', async () => {
  const project = projectWith('');
  project.write('vitest.config.ts', testConfig);
  project.write(
    'tests/a.test.ts',
    `${imports} test('a', () => expect(1).toBe(1)); test('b', () => expect(1).toBe(2)); test.skip('c', () => {});`,
  );
  project.write('tests/broken.test.ts', `import './gone.ts';`);
  const { code, output } = await project.run(['test']);
  expect(output.trimEnd().split('\n').at(-1)).toBe('1 passed, 2 failed, 1 skipped');
  expect(code).toBe(1);
});

test('tests that all pass end with zero, and arguments reach Vitest', async () => {
  const project = projectWith('');
  project.write('vitest.config.ts', testConfig);
  project.write('tests/a.test.ts', `${imports} test('a', () => expect(1).toBe(1));`);
  project.write('tests/b.test.ts', `${imports} test('b', () => expect(1).toBe(2));`);
  const { code, output } = await project.run(['test', 'tests/a.test.ts']);
  expect({ code, last: output.trimEnd().split('\n').at(-1) }).toEqual({ code: 0, last: '1 passed, 0 failed' });
});

test('an error that belongs to no test fails the run', async () => {
  const project = projectWith('');
  project.write('vitest.config.ts', testConfig);
  const late = `setTimeout(() => { throw new Error('late'); }, 1)`;
  project.write(
    'tests/a.test.ts',
    `${imports} test('a', async () => { ${late}; await new Promise((done) => setTimeout(done, 50)); });`,
  );
  const { code, output } = await project.run(['test']);
  expect(output.trimEnd().split('\n').at(-1)).toBe('1 passed, 1 failed');
  expect(code).not.toBe(0);
});

test('no test at all is a failure', async () => {
  const project = projectWith('');
  project.write('vitest.config.ts', testConfig);
  const { code, output } = await project.run(['test']);
  expect(output.trimEnd().split('\n').at(-1)).toBe('0 passed, 1 failed');
  expect(code).not.toBe(0);
});

test('.ci/run can be executed', () => {
  expect(spawnSync('test', ['-x', join(root, '.ci/run')]).status).toBe(0);
});
