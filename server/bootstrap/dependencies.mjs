// The packages of package-lock.json and the pinned Node runtime, which is one of them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RemedyError, run, say, tail, withProgress } from './progress.mjs';
import { projectFolder } from './project.mjs';

const modulesFolder = join(projectFolder, 'node_modules');
const stampPath = join(modulesFolder, '.tideline-stamp.json');
const nodePackageFolder = join(modulesFolder, 'node');
const pinnedNodePath = join(nodePackageFolder, 'bin', 'node');
const lockPollMs = 200;
const installMsMax = 20 * 60_000;

/**
 * Installs what is missing and returns the path of the Node that runs TypeScript. Fast when the stamp of an earlier
 * run still fits. Throws a RemedyError when it cannot be done.
 */
export async function ensureDependencies() {
  const stamp = readJson(stampPath);
  const wanted = { lock: lockFingerprint() };
  if (stamp?.lock === wanted.lock && stamp.node && fileFingerprint(stamp.node) === stamp.nodeFile) return stamp.node;
  return withInstallLock(async () => {
    if (!packagesMatchLock()) await installPackages();
    const node = await ensureRuntime();
    writeFileSync(stampPath, JSON.stringify({ ...wanted, node, nodeFile: fileFingerprint(node) }));
    return node;
  });
}

function lockFingerprint() {
  const path = join(projectFolder, 'package-lock.json');
  const text = readText(path) ?? readText(join(projectFolder, 'package.json')) ?? '';
  return createHash('sha256').update(text).digest('hex');
}

/** Whether npm's own list of what it installed agrees with the lock: a checkout installed by hand needs no second time. */
function packagesMatchLock() {
  const installed = readJson(join(modulesFolder, '.package-lock.json'))?.packages;
  const locked = readJson(join(projectFolder, 'package-lock.json'))?.packages;
  if (!installed || !locked) return false;
  return Object.entries(locked).every(([path, entry]) => {
    if (path === '') return true;
    const present = installed[path];
    return present ? present.version === entry.version : entry.optional === true || entry.peer === true;
  });
}

async function installPackages() {
  const locked = readJson(join(projectFolder, 'package-lock.json'))?.packages;
  const install = async () => {
    let result = locked ? await run(...npm('ci')) : undefined;
    // npm ci refuses a lock that leaves out packages for other platforms; npm install keeps to it for all it lists.
    if (!result || /EUSAGE/.test(result.output)) result = await run(...npm('install', '--no-save'));
    if (result.code !== 0) throw new RemedyError(explainNpm(result.code, result.output));
  };
  await withProgress('Installing packages with npm', install);
}

function npm(...command) {
  // The tests and the client build need the development packages even where NODE_ENV says production.
  const args = [...command, '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const fromNpm = process.env.npm_execpath;
  return fromNpm && /npm-cli\.js$/.test(fromNpm)
    ? [process.execPath, [fromNpm, ...args], { cwd: projectFolder }]
    : ['npm', args, { cwd: projectFolder }];
}

function explainNpm(code, output) {
  const remedy =
    code === 127
      ? 'npm was not found. Install Node.js with npm (https://nodejs.org).'
      : /EACCES|EPERM/.test(output)
        ? `This user may not write to ${modulesFolder}. Change its owner: sudo chown -R "$(id -un)" '${projectFolder}'`
        : /ENOSPC/.test(output)
          ? 'The disk is full: the packages need about 1.5 GB.'
          : /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET/.test(output)
            ? 'The package registry cannot be reached. Check the network, or the proxy and registry settings of npm (npm config list).'
            : 'Solve what npm reports above, then start again.';
  return `The packages could not be installed.\n${tail(output)}\n${remedy}`;
}

/** Runs the `node` package's own install step if npm did not (newer versions ask before they run such scripts). */
async function ensureRuntime() {
  if (runsTypeScript(pinnedNodePath)) return pinnedNodePath;
  const step = () => run(process.execPath, ['installArchSpecificPackage.js'], { cwd: nodePackageFolder });
  const { output } = await withProgress('Installing the pinned Node runtime', step);
  if (runsTypeScript(pinnedNodePath)) return pinnedNodePath;
  if (runsTypeScript(process.execPath)) {
    say(`the pinned Node runtime does not run here; using Node ${process.versions.node} instead`);
    return process.execPath;
  }
  throw new RemedyError(
    `The pinned Node runtime could not be installed, and Node ${process.versions.node} cannot run TypeScript.\n` +
      `${tail(output, 5)}\nInstall Node 24 or newer (https://nodejs.org) and start again.`,
  );
}

function runsTypeScript(node) {
  const answer = spawnSync(node, ['-p', 'process.features.typescript'], { encoding: 'utf8' });
  return answer.status === 0 && /strip|transform/.test(answer.stdout);
}

/** Keeps two commands started at once from installing into the same folder. */
async function withInstallLock(work) {
  const name = createHash('sha256').update(projectFolder).digest('hex').slice(0, 16);
  const lockFolder = join(tmpdir(), `tideline-install-${process.getuid?.() ?? 0}-${name}`);
  const gaveUpAt = performance.now() + installMsMax;
  let told = false;
  for (;;) {
    try {
      mkdirSync(lockFolder, { mode: 0o700 });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = Number(readText(join(lockFolder, 'pid')) ?? 0);
    const age = Date.now() - (statSync(lockFolder, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (holder ? !isRunning(holder) : age > 5_000) {
      rmSync(lockFolder, { recursive: true, force: true });
      continue;
    }
    if (performance.now() > gaveUpAt) {
      throw new RemedyError(`Another installation (process ${holder}) does not end. End it, or remove ${lockFolder}.`);
    }
    if (!told) say(`waiting for another installation in this folder (process ${holder})`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, lockPollMs));
  }
  writeFileSync(join(lockFolder, 'pid'), String(process.pid));
  try {
    return await work();
  } finally {
    rmSync(lockFolder, { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function fileFingerprint(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.size}-${Math.trunc(stat.mtimeMs)}`;
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function readJson(path) {
  try {
    return JSON.parse(readText(path));
  } catch {
    return undefined;
  }
}
