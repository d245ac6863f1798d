/** Sending the simulated company's events: patient with a busy server, honest with a refusing one, exact across restarts. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createPacing } from '../../server/simulated-company/pacing.ts';
import { runSimulation, type SimulationOptions } from '../../server/simulated-company/run-simulation.ts';
import { BATCH_EVENTS_MAX } from '../../server/simulated-company/send-events.ts';
import { simulateCompany } from '../../server/simulated-company/simulate-company.ts';

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** An endpoint that keeps what it accepts. `answer` may refuse a request by its number, from 1. */
async function openEndpoint(
  answer: (request: number) => { status: number; headers?: Record<string, string> } = () => ({ status: 202 }),
) {
  const batches: string[][] = [];
  let requests = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { status, headers } = answer(++requests);
      const lines = gunzipSync(Buffer.concat(chunks)).toString().split('\n');
      if (status === 202) batches.push(lines);
      const body =
        status === 202
          ? { delivery: `d${requests}`, accepted: lines.length, rejected: [] }
          : { type: 'about:blank', title: 'Refused', status, detail: 'the key is unknown' };
      response.writeHead(status, headers).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => new Promise((resolve) => server.close(() => resolve())));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, batches, ids: () => batches.flat().map((line) => JSON.parse(line).id as string) };
}

function optionsFor(url: string): SimulationOptions & { stateFile: string; truthFile: string } {
  const folder = mkdtempSync(join(tmpdir(), 'tideline-simulate-'));
  cleanUps.push(() => rmSync(folder, { recursive: true }));
  const files = { stateFile: join(folder, 'position.json'), truthFile: join(folder, 'truth.jsonl') };
  const company = { seed: 3, ordersPerDay: 300, faults: 'normal' as const };
  return { url, key: 'tl_test', speed: 1, backfillDays: 1, pacedHours: 0, ...company, ...files };
}

/** Runs until the past is sent, or until `stopWhen` says so. */
async function run(options: SimulationOptions, stopWhen: (sent: number, live: boolean) => boolean = (_, live) => live) {
  const stop = new AbortController();
  const warnings: string[] = [];
  const report = await runSimulation(options, {
    signal: stop.signal,
    logger: { info: () => {}, warn: (message) => warnings.push(message) },
    onProgress: ({ sent, live }) => stopWhen(sent, live) && stop.abort(),
  });
  return { report, warnings };
}

const firstIds = (file: string, count: number) => {
  const { seed, from, ordersPerDay, faults } = JSON.parse(readFileSync(file, 'utf8'));
  return [...simulateCompany({ seed, from, ordersPerDay, faults }).take(count)].map(({ event }) => event.id);
};

describe('sending', () => {
  it('sends every event in order, in batches of limited size, and writes the truth', async () => {
    const endpoint = await openEndpoint();
    const options = optionsFor(endpoint.url);
    const { report } = await run(options);
    expect(endpoint.batches.every((batch) => batch.length <= BATCH_EVENTS_MAX)).toBe(true);
    expect(report.sent).toBeGreaterThan(5_000);
    expect(endpoint.ids()).toEqual(firstIds(options.stateFile, report.sent));
    const truth = readFileSync(options.truthFile, 'utf8').trim().split('\n');
    expect(Object.keys(JSON.parse(truth[0]!))).toEqual(['kind', 'at', 'detectableAt', 'subject', 'details']);
  });

  it('sends the same events again when the server is busy or fails', async () => {
    const refusals = new Map([
      [2, { status: 429, headers: { 'retry-after': '0' } }],
      [4, { status: 503, headers: { 'retry-after': '0' } }],
      [5, { status: 500 }],
    ]);
    const endpoint = await openEndpoint((request) => refusals.get(request) ?? { status: 202 });
    const options = optionsFor(endpoint.url);
    const { report, warnings } = await run(options);
    expect(report.retries).toBe(3);
    expect(warnings[0]).toContain('answered 429');
    expect(endpoint.ids()).toEqual(firstIds(options.stateFile, report.sent));
  });

  it('goes on exactly where it stopped', async () => {
    const endpoint = await openEndpoint();
    const options = optionsFor(endpoint.url);
    const first = await run(options, (sent) => sent >= 3_000);
    const second = await run(options);
    expect(first.report.sent).toBeLessThan(5_000);
    expect(endpoint.ids()).toEqual(firstIds(options.stateFile, first.report.sent + second.report.sent));
  });

  it('says what is wrong when the server refuses for good', async () => {
    const endpoint = await openEndpoint(() => ({ status: 401 }));
    await expect(run(optionsFor(endpoint.url))).rejects.toThrow(/answered 401: Refused\. the key is unknown/);
  });
});

describe('pacing', () => {
  it('plays the last hours at the asked speed and never runs ahead of the clock', () => {
    const pacing = createPacing(1_000_000, 60, 590_000);
    expect(pacing.dueAt(1_000_000)).toBe(410_000);
    expect(pacing.dueAt(1_005_000)).toBe(710_000);
    expect(pacing.dueAt(1_010_000)).toBe(1_010_000);
    expect(pacing.dueAt(1_500_000)).toBe(1_500_000);
  });
});
