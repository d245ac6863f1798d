/** For those who operate Tideline: health, metrics, and the description of this interface. */
import { z } from 'zod';
import { health } from '../contract.ts';
import { route } from '../route.ts';

export const operationRoutes = [
  route({
    method: 'get',
    path: '/v1/health',
    summary: 'How we and each thing we depend on are. 503 when something we cannot do without is down.',
    ability: 'anyone',
    status: 200,
    answer: health,
    handle: async (deps, call) => {
      const state = await deps.health.read();
      if (state.status === 'down') call.response.status(503);
      return state;
    },
  }),
  route({
    method: 'get',
    path: '/v1/ready',
    summary: 'Whether this process can do its work right now.',
    ability: 'anyone',
    status: 200,
    answer: z.object({ ready: z.boolean() }),
    handle: async (deps, call) => {
      const ready = await deps.health.isReady();
      if (!ready) call.response.status(503);
      return { ready };
    },
  }),
  route({
    method: 'get',
    path: '/v1/openapi.json',
    summary: 'This document.',
    ability: 'anyone',
    status: 200,
    answer: z.looseObject({ openapi: z.string() }),
    handle: async (deps) => deps.openApi(),
  }),
  route({
    method: 'get',
    path: '/metrics',
    summary: 'Figures for Prometheus, with a read key.',
    ability: 'see-metrics',
    status: 200,
    answer: z.string(),
    answerType: 'text/plain; version=0.0.4; charset=utf-8',
    handle: (deps) => deps.metrics.registry.metrics(),
  }),
];
