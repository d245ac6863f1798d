// The first file that runs, on whatever Node the machine has: it installs what is missing and hands over to the
// pinned Node, which runs TypeScript. Plain JavaScript without dependencies, because there are none yet.
const nodeMajorMin = 20;

if (Number(process.versions.node.split('.')[0]) < nodeMajorMin) {
  console.error(
    `tideline: Node ${process.versions.node} is too old. Install Node ${nodeMajorMin} or newer ` +
      '(https://nodejs.org, or: nvm install 24) and start again.',
  );
  process.exit(1);
}

const [command = '', ...rest] = process.argv.slice(2);
// Other commands speak to a Tideline that runs already.
const commandsWithRedis = ['start', 'rebuild', 'bench', 'test', 'soak', 'measure-pages', 'measure-analysts'];

// What measures and tries the project itself; no part of the server.
const programsOfTests = {
  bench: 'tests/bench/run.ts',
  'simulate-faults': 'tests/simulation/simulate-faults.ts',
  'measure-detection': 'tests/bench/detection/run.ts',
  'measure-detectors': 'tests/bench/detectors/run.ts',
  'measure-explanations': 'tests/bench/explanations/run.ts',
  'measure-predictions': 'tests/bench/predictions/run.ts',
  'mutate-rules': 'tests/bench/mutation/run.ts',
  'measure-history': 'tests/bench/history/run.ts',
  'measure-exports': 'tests/bench/exports.ts',
  'measure-pages': 'tests/bench/pages.ts',
  'measure-triage': 'tests/bench/triage-load.ts',
  'measure-analysts': 'tests/bench/analysts.ts',
  soak: 'tests/bench/soak.ts',
  pictures: 'tests/pictures/take-pictures.ts',
};

// Imported here and not above, so that an old Node reaches the message and not a syntax error.
const { RemedyError, say } = await import('./bootstrap/progress.mjs');
try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof RemedyError)) throw error;
  say(error.message);
  process.exitCode = 1;
}

async function main() {
  const { ensureDependencies } = await import('./bootstrap/dependencies.mjs');
  const node = await ensureDependencies();
  if (commandsWithRedis.includes(command) && !namesARedis() && !asksForHelp()) {
    const { ensureRedis } = await import('./bootstrap/programs.mjs');
    await ensureRedis();
  }
  switch (command) {
    case 'test':
      return (await import('./bootstrap/run-tests.mjs')).runTests(node, rest);
    case 'check':
      return (await import('./bootstrap/run-checks.mjs')).runChecks(node);
    default: {
      const { runInOurPlace } = await import('./bootstrap/child.mjs');
      const { projectFolder } = await import('./bootstrap/project.mjs');
      const program = programsOfTests[command];
      return program === undefined
        ? runInOurPlace(node, [`${projectFolder}server/index.ts`, ...process.argv.slice(2)])
        : runInOurPlace(node, [projectFolder + program, ...rest]);
    }
  }
}

// The tests start their own Redis, whatever the environment names.
function namesARedis() {
  const named = process.env.REDIS_URL || rest.some((argument) => /^--redis-url(=|$)/.test(argument));
  return command !== 'test' && Boolean(named);
}

function asksForHelp() {
  return rest.includes('--help') || rest.includes('-h');
}
