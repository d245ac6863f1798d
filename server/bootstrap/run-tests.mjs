import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInOurPlace } from './child.mjs';
import { ensureChromium } from './programs.mjs';
import { say } from './progress.mjs';
import { projectFolder } from './project.mjs';

/**
 * Runs Vitest with `args` and ends the output with `N passed, N failed` on a line of its own (`, N skipped` if any
 * were). Resolves with the exit code: not 0 when a test failed, a file could not be loaded, or no test ran.
 */
export async function runTests(node, args) {
  const chromium = await ensureChromium(node);
  // Once, before several servers of the tests would each build it in the same place.
  const built = await runInOurPlace(node, [join(projectFolder, 'server/index.ts'), 'build-client']);
  if (built !== 0) say('the client could not be built; what needs it will fail');
  const reportFolder = mkdtempSync(join(tmpdir(), 'tideline-tests-'));
  const reportPath = join(reportFolder, 'report.json');
  try {
    const vitest = join(projectFolder, 'node_modules/vitest/vitest.mjs');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`];
    const ended = await runInOurPlace(node, [vitest, 'run', `--root=${projectFolder}`, ...reporters, ...args], {
      CHROMIUM_PATH: chromium ?? '',
    });
    const { passed, failed, skipped } = countResults(reportPath);
    // Vitest also fails for what belongs to no test, for example an error that nobody caught.
    const failures = failed === 0 && ended !== 0 ? 1 : failed;
    if (failures > failed) say(`vitest ended with code ${ended} although no test failed; see above`);
    if (passed + failures === 0) say('no test ran');
    console.log(`${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
    return failures > 0 || passed === 0 ? ended || 1 : 0;
  } finally {
    rmSync(reportFolder, { recursive: true, force: true });
  }
}

function countResults(reportPath) {
  let report;
  try {
    report = JSON.parse(readFileSync(reportPath, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
  const filesNotLoaded = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + filesNotLoaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
