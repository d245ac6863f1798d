/** What the documents tell people to type works, and answers what they say. */
import { createNodeRedisClient, Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Runtime } from '../../server/runtime.ts';
import { checkpointOf } from '../../streams/processing/commit.ts';
import { type Example, openShell, readExamples, whatDiffers } from '../support/documents/examples.ts';
import {
  describeServer,
  makeDataDir,
  openView,
  readReach,
  type ServerProcess,
  until,
} from '../support/running-tideline.ts';

const documents = ['README.md', 'docs/analysts.md', 'docs/exports.md', 'docs/metrics.md', 'docs/operators.md'];
const START_MS_MAX = 120_000;
const EXAMPLE_MS_MAX = 60_000;
const SETTLE_MS_MAX = 20_000;
const written = 'http://localhost:7070';

describe('examples in the documents', () => {
  const folder = makeDataDir();
  let server: ServerProcess;
  let view: Runtime;
  let queue: Queue;
  let shell: ReturnType<typeof openShell>;

  beforeAll(async () => {
    server = await describeServer({ dataDir: folder.path });
    await server.start();
    view = await openView(readReach(folder.path).reached);
    queue = new Queue(view.keys.deliveriesQueue, {
      connection: createNodeRedisClient(view.redis),
      prefix: view.keys.queuePrefix,
    });
    shell = openShell({ TIDELINE_DATA_DIR: folder.path });
  }, START_MS_MAX);

  afterAll(async () => {
    shell?.stop();
    await queue?.close();
    await view?.close();
    await server?.end('SIGTERM');
    folder.remove();
  });

  describe.each(documents)('%s', (document) => {
    it.each(readExamples(document).map((example) => [example.place, example] as const))(
      '%s',
      async (_, example) => {
        const out = example.kind === 'sh' ? await runInShell(example) : await ask(example);
        if (example.answer !== undefined) expect(whatDiffers(example.answer, JSON.parse(out)), out).toEqual([]);
        await settled();
      },
      EXAMPLE_MS_MAX,
    );
  });

  async function runInShell({ code, answer }: Example): Promise<string> {
    const port = new URL(server.url).port;
    const there = code
      .replaceAll(written, server.url)
      .replace(/(tideline -- replay .*)/, `$1 --url ${server.url}`)
      .replaceAll('localhost:7070', `localhost:${port}`);
    const { out, err, code: status } = await shell.run(there);
    expect(status, `${out}\n${err}`).toBe(0);
    // curl is content with an error; a reader is not, unless it is promised.
    if (answer === undefined) expect(out).not.toContain('urn:tideline:problem');
    return out;
  }

  async function ask({ code }: Example): Promise<string> {
    const answer = await view.history.query({
      query: code.trim().replace(/;$/, ''),
      format: 'JSONEachRow',
      clickhouse_settings: { readonly: '2' },
    });
    const rows = await answer.json();
    expect(rows.length, 'rows found').toBeGreaterThan(0);
    return JSON.stringify(rows);
  }

  /** What was sent is understood, committed and in history: a reader needs longer to read on. */
  const settled = () =>
    until('everything sent is in history', SETTLE_MS_MAX, async () => {
      const { redis, keys } = view;
      const [counts, checkpoint, newest, seq] = await Promise.all([
        queue.getJobCounts('waiting', 'active', 'delayed'),
        redis.get(keys.checkpoint),
        redis.xRevRange(keys.log, '+', '-', { COUNT: 1 }),
        redis.hGet(keys.historyPosition, 'seq'),
      ]);
      const stands = checkpointOf(checkpoint);
      const waiting = Object.values(counts).reduce((sum, count) => sum + count, 0);
      const applied = newest?.[0] === undefined || stands.position === newest[0].id;
      return waiting === 0 && applied && stands.seq === Number(seq ?? 0);
    });
});
