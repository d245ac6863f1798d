import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  code: number | null;
  output: string;
}

/** A copy of what the bootstrap needs, with the packages of this checkout, whose application is `program`. */
export class BootstrapProject {
  folder = mkdtempSync(join(tmpdir(), 'tideline-bootstrap-'));

  constructor(program: string) {
    for (const path of ['package.json', 'package-lock.json', 'server/bootstrap.mjs', 'server/bootstrap']) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      cpSync(join(root, path), join(this.folder, path), { recursive: true });
    }
    mkdirSync(join(this.folder, 'node_modules'));
    for (const name of readdirSync(join(root, 'node_modules'))) {
      if (name === '.package-lock.json')
        cpSync(join(root, 'node_modules', name), join(this.folder, 'node_modules', name));
      else if (!name.startsWith('.'))
        symlinkSync(join(root, 'node_modules', name), join(this.folder, 'node_modules', name));
    }
    this.write('server/index.ts', program);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** Puts a shell script into the project's `bin` folder, which comes first in PATH. */
  writeProgram(name: string, script: string): void {
    this.write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(join(this.folder, 'bin', name), 0o755);
  }

  start(args: string[], env: NodeJS.ProcessEnv = {}, nodeArgs: string[] = []) {
    const child = spawn(process.execPath, [...nodeArgs, 'server/bootstrap.mjs', ...args], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Not the variables npm sets: the bootstrap would call npm by them instead of by PATH.
      env: {
        HOME: this.folder,
        PATH: `${this.folder}/bin:${process.env['PATH']}`,
        CHROMIUM_PATH: '',
        NO_COLOR: '1',
        ...env,
      },
    });
    let output = '';
    child.stdout.on('data', (bytes) => (output += bytes));
    child.stderr.on('data', (bytes) => (output += bytes));
    const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, output }));
    return { child, ended, output: () => output };
  }

  run(args: string[], env: NodeJS.ProcessEnv = {}, nodeArgs: string[] = []): Promise<Ended> {
    return this.start(args, env, nodeArgs).ended;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
