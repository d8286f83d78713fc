import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What Prometheus reads at /metrics. */
export interface ServingMetrics {
  readonly contentType: string;
  text(): Promise<string>;
  answered(route: string, status: number, seconds: number): void;
  classified(model: string, pictures: number): void;
  ran(model: string, pictures: number): void;
  restarted(model: string): void;
}

/** @param taken pictures that are accepted and not answered yet. */
export function createMetrics(taken: () => number): ServingMetrics {
  const registers = [new Registry()];
  const [registry] = registers;
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'fovea_requests_total',
    help: 'Requests answered.',
    labelNames: ['route', 'status'],
    registers,
  });
  const seconds = new Histogram({
    name: 'fovea_request_seconds',
    help: 'From the head of a request to its answer.',
    labelNames: ['route'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
    registers,
  });
  const pictures = new Counter({
    name: 'fovea_pictures_total',
    help: 'Pictures classified.',
    labelNames: ['model'],
    registers,
  });
  const batches = new Histogram({
    name: 'fovea_batch_pictures',
    help: 'Pictures that were computed together.',
    labelNames: ['model'],
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers,
  });
  const restarts = new Counter({
    name: 'fovea_engine_restarts_total',
    help: 'Engines that died and were replaced.',
    labelNames: ['model'],
    registers,
  });
  new Gauge({
    name: 'fovea_pictures_waiting',
    help: 'Pictures accepted and not answered yet.',
    registers,
    collect() {
      this.set(taken());
    },
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    answered(route, status, time) {
      requests.inc({ route, status: String(status) });
      seconds.observe({ route }, time);
    },
    classified: (model, count) => pictures.inc({ model }, count),
    ran: (model, count) => batches.observe({ model }, count),
    restarted: (model) => restarts.inc({ model }),
  };
}
