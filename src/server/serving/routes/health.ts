import { Problem } from '../problem.ts';
import type { Route } from '../route.ts';

const status = { type: 'application/json', schema: { type: 'object', properties: { status: { type: 'string' } } } };

export const liveRoute: Route = {
  method: 'GET',
  path: '/health/live',
  doc: 'Whether the process answers.',
  open: true,
  answer: status,
  handle: async () => ({ status: 'live' }),
};

export const readyRoute: Route = {
  method: 'GET',
  path: '/health/ready',
  doc: 'Whether models are loaded and requests are taken; 503 while it shuts down.',
  open: true,
  answer: status,
  async handle({ ready }) {
    if (!ready) throw new Problem(503, 'This server is being shut down');
    return { status: 'ready' };
  },
};

export const metricsRoute: Route = {
  method: 'GET',
  path: '/metrics',
  doc: 'Figures for Prometheus: requests, times, batches, what waits, engines that were replaced.',
  answer: { type: 'text/plain', schema: { type: 'string' } },
  async handle({ metrics }, _request, reply) {
    reply.type(metrics.contentType);
    return metrics.text();
  },
};
