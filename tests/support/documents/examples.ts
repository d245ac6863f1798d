/** The examples of a document: fenced blocks that are marked to be run, and the answers they promise. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDir } from '../../../server/config.ts';

export type Example = {
  /** Where it stands: `README.md:81`. */
  place: string;
  kind: 'sh' | 'sql';
  code: string;
  /** Of the `json answer` block that follows; undefined when nothing is promised. */
  answer: unknown;
};

const fence = /^```(\w+) (run|answer)\n([\s\S]*?)^```$/gm;

/** Blocks whose fence says `sh run` or `sql run`, in order. */
export function readExamples(document: string): Example[] {
  const text = readFileSync(join(projectDir, document), 'utf8');
  const examples: Example[] = [];
  for (const { 1: language, 2: mark, 3: code = '', index } of text.matchAll(fence)) {
    const place = `${document}:${text.slice(0, index).split('\n').length}`;
    if (mark === 'answer') examples.at(-1)!.answer = JSON.parse(code);
    else if (language === 'sh' || language === 'sql') examples.push({ place, kind: language, code, answer: undefined });
    else throw new Error(`${place}: nobody knows how to run ${language}`);
  }
  return examples;
}

/** Whether `actual` holds everything `promised` does; a text that ends in `…` promises its beginning only. */
export function whatDiffers(promised: unknown, actual: unknown, path = 'answer'): string[] {
  if (typeof promised === 'string' && promised.endsWith('…')) {
    const begins = typeof actual === 'string' && actual.startsWith(promised.slice(0, -1));
    return begins ? [] : [`${path} is ${JSON.stringify(actual)}, not ${promised}`];
  }
  if (typeof promised === 'object' && promised !== null) {
    if (typeof actual !== 'object' || actual === null) return [`${path} is ${JSON.stringify(actual)}`];
    return Object.entries(promised).flatMap(([key, value]) =>
      whatDiffers(value, (actual as Record<string, unknown>)[key], `${path}.${key}`),
    );
  }
  return promised === actual ? [] : [`${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(promised)}`];
}

const END = '\u001e';

/** One shell for all examples of a document, so that variables live from block to block, as for a reader. */
export function openShell(environment: Record<string, string>) {
  const { PATH = '', HOME = '' } = process.env;
  const shell: ChildProcess = spawn('bash', ['-u'], {
    cwd: projectDir,
    env: { PATH, HOME, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  let told = () => undefined as unknown;
  shell.stdout!.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    told();
  });
  shell.stderr!.on('data', (chunk: Buffer) => (err += chunk.toString()));
  shell.once('exit', () => told());
  return {
    /** @returns what the block printed, and the exit code of its last command */
    async run(code: string): Promise<{ out: string; err: string; code: number }> {
      [out, err] = ['', ''];
      shell.stdin!.write(`{\n${code}\n} < /dev/null\nprintf '${END}%d${END}' "$?"\n`);
      const ended = new RegExp(`${END}(\\d+)${END}$`);
      await new Promise<void>((resolve) => {
        told = () => (ended.test(out) || shell.exitCode !== null) && resolve();
      });
      const status = ended.exec(out)?.[1];
      return { out: out.replace(ended, ''), err, code: status === undefined ? -1 : Number(status) };
    },
    stop: () => void shell.kill('SIGKILL'),
  };
}
