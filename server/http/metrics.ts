/** What the web role counts, for Prometheus. Labels come from our own lists, never from what callers send. */
import { Counter, Histogram, type Registry } from 'prom-client';

export type HttpMetrics = ReturnType<typeof createHttpMetrics>;

export function createHttpMetrics(registry: Registry) {
  const registers = [registry];
  const requests = new Histogram({
    name: 'tideline_http_request_seconds',
    help: 'How long requests took, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.2, 0.5, 1, 5],
    registers,
  });
  const events = new Counter({
    name: 'tideline_events_received_total',
    help: 'Events received over HTTP, by how it ended',
    labelNames: ['outcome'],
    registers,
  });
  const refusals = new Counter({
    name: 'tideline_http_refusals_total',
    help: 'Requests refused before anything was acknowledged, by status',
    labelNames: ['status'],
    registers,
  });
  return { requests, events, refusals, registry };
}
