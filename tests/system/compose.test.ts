import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

interface Service {
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  networks?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}

const text = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
const compose = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  networks: Record<string, object>;
  volumes: Record<string, unknown>;
};
const roles = ['web', 'ingest', 'process', 'history', 'jobs'];

test('every role is a service of the same image that waits for both stores', () => {
  for (const role of roles) {
    const service = compose.services[role];
    expect(service?.environment).toMatchObject({ TIDELINE_ROLES: role, TIDELINE_DEMO: 'off' });
    expect(service?.image).toBe(compose.services['web']?.image);
    expect(service?.depends_on).toEqual({
      redis: { condition: 'service_healthy' },
      clickhouse: { condition: 'service_healthy' },
    });
  }
  expect(Object.keys(compose.services).sort()).toEqual([...roles, 'redis', 'clickhouse'].sort());
});

test('no password has a default: without one, compose refuses to start', () => {
  const uses = [...text.matchAll(/\$\{(\w*PASSWORD)([^}]*)\}/g)];
  expect(uses.length).toBeGreaterThan(0);
  for (const [, , rest] of uses) expect(rest).toMatch(/^:\?./);
});

test('Redis keeps what it acknowledged and never evicts', () => {
  const command = compose.services['redis']?.command?.join(' ');
  expect(command).toContain('--appendonly yes --appendfsync always');
  expect(command).toContain('--maxmemory-policy noeviction');
});

test('only the web role can be reached from outside', () => {
  const published = Object.entries(compose.services).filter(([, service]) => service.ports);
  expect(published.map(([name, service]) => [name, service.ports])).toEqual([['web', ['7070:7070']]]);
  expect(compose.networks['inside']).toEqual({ internal: true });
});

test('stores keep their data in named volumes and tell whether they are healthy', () => {
  for (const name of ['redis', 'clickhouse']) {
    const service = compose.services[name];
    expect(service?.healthcheck?.test[0]).toMatch(/^CMD/);
    expect(service?.volumes?.every((volume) => (volume.split(':')[0] ?? '') in compose.volumes)).toBe(true);
  }
});
