/** Health that tells the truth: every dependency is asked, within a time limit, and nothing is assumed. */
import type { Health } from './contract.ts';

export type Probe = {
  name: string;
  /** Without it this process cannot do its work. */
  required: boolean;
  /** Resolves with how it is; rejects, or stays silent, when it is down. */
  check(): Promise<{ status: 'ok' | 'degraded'; detail: string }>;
};

const PROBE_MS_MAX = 2_000;
/** Probes are public and must not become a load of their own. */
const REMEMBERED_MS = 1_000;

export function createHealth(deps: {
  probes: readonly Probe[];
  version: string;
  roles: readonly string[];
  now(): number;
}) {
  const startedAt = deps.now();
  let remembered: { at: number; health: Promise<Health> } | undefined;

  async function ask(): Promise<Health> {
    const dependencies = await Promise.all(deps.probes.map(askOne));
    const isDown = (index: number) => dependencies[index]!.status === 'down';
    const down = deps.probes.some((probe, index) => probe.required && isDown(index));
    const degraded = dependencies.some((dependency) => dependency.status !== 'ok');
    return {
      status: down ? 'down' : degraded ? 'degraded' : 'ok',
      version: deps.version,
      roles: [...deps.roles],
      uptimeSeconds: Math.round((deps.now() - startedAt) / 1_000),
      dependencies,
    };
  }

  function read(): Promise<Health> {
    if (remembered === undefined || deps.now() - remembered.at >= REMEMBERED_MS) {
      remembered = { at: deps.now(), health: ask() };
    }
    return remembered.health;
  }

  return { read, isReady: async () => (await read()).status !== 'down' };
}

async function askOne(probe: Probe): Promise<Health['dependencies'][number]> {
  const startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PROBE_MS_MAX} ms`)), PROBE_MS_MAX);
  });
  try {
    const { status, detail } = await Promise.race([probe.check(), late]);
    return { name: probe.name, status, detail, latencyMs: Math.round(performance.now() - startedAt) };
  } catch (error) {
    return { name: probe.name, status: 'down', detail: (error as Error).message.slice(0, 200), latencyMs: null };
  } finally {
    clearTimeout(timer);
  }
}
