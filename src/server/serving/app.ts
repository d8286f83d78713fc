import { readFileSync } from 'node:fs';
import multipart from '@fastify/multipart';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { FoveaError, show } from '../../core/errors.ts';
import { built } from '../../node/kernels.ts';
import type { Place } from './capacity.ts';
import { type KeyCheck, keyOf } from './keys.ts';
import { openApi } from './openapi.ts';
import { Problem, problemBody } from './problem.ts';
import type { Route } from './route.ts';
import { routes } from './routes/index.ts';
import type { Service } from './service.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Held while a request with pictures is answered. */
    place?: Place;
    /** Aborted when it took too long or its client went away. */
    deadline?: AbortSignal;
  }
}

export interface AppOptions {
  /** Absent: no key is asked for. */
  readonly keys?: KeyCheck;
  /** Whether names other than this machine's may reach it; else a page elsewhere could, by a name that it points here. */
  readonly anyHost: boolean;
  /** Faults of ours, for whoever runs the server. */
  readonly onFault?: (error: unknown) => void;
}

/** `/v1/models/NAME:verb` is routed as `/v1/models/NAME/verb`: a name may hold colons and dots itself. */
const verbInUrl = /^(\/v1\/models\/[^/?]+)(?::|%3A)(\w+)(?=\?|$)/i;
const ownNames = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;
const pageFiles = { 'index.html': 'text/html', 'try.css': 'text/css', 'try.js': 'text/javascript' } as const;

/** The routes over HTTP. */
export async function createApp(service: Service, { keys, anyHost, onFault }: AppOptions): Promise<FastifyInstance> {
  const { limits, metrics } = service;
  const app = fastify({
    bodyLimit: limits.bytes,
    requestTimeout: limits.timeout,
    forceCloseConnections: 'idle',
    // KServe's description writes /v2/ with a slash, its text without.
    routerOptions: { maxParamLength: 600, ignoreTrailingSlash: true },
    exposeHeadRoutes: false,
    // Of addresses that are none, which come to no route.
    frameworkErrors: (error, request, reply) => answerProblem(error, request, reply, onFault),
    rewriteUrl: ({ url = '/' }) => url.replace(verbInUrl, '$1/$2'),
  });
  await app.register(multipart);
  for (const type of [/^image\//, 'application/octet-stream']) {
    app.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  }

  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src blob: data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
      'referrer-policy': 'no-referrer',
    });
    if (!anyHost && !ownNames.test(request.headers.host ?? '')) {
      throw new Problem(
        403,
        "Expected this machine's own name for header 'host' but received another",
        'Start with --host to be reached by other names',
      );
    }
    // A page elsewhere may send a form here without asking; what it sends is not what a person here wants.
    if (request.headers['sec-fetch-site'] === 'cross-site') {
      throw new Problem(
        403,
        "Expected a request of this server's own page or of a program but received one of another site",
      );
    }
  });
  // Else a client that keeps its connection would keep the server.
  app.addHook('onSend', async (_request, reply) => {
    if (!service.ready) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request, reply) => {
    metrics.answered(request.routeOptions.url ?? 'unknown', reply.statusCode, reply.elapsedTime / 1000);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => answerProblem(error, request, reply, onFault));
  app.setNotFoundHandler((request, reply) => {
    reply
      .code(404)
      .send(
        problemBody(
          request.url,
          404,
          `Expected a path of this server (see /openapi.json) but received '${request.method} ${request.originalUrl.slice(0, 100)}'`,
        ),
      );
  });

  for (const route of routes) addRoute(app, service, route, keys);
  for (const path of new Set(routes.map((route) => route.path))) refuseOthers(app, path);
  const description = openApi(routes, keys !== undefined);
  app.get('/openapi.json', async () => description);
  for (const [file, type] of Object.entries(pageFiles)) {
    const text = readFileSync(built(`server/serving/page/${file}`), 'utf8');
    app.get(file === 'index.html' ? '/' : `/page/${file}`, async (_request, reply) => {
      reply.type(`${type}; charset=utf-8`);
      return text;
    });
  }
  return app;
}

/** A path of the list as the router takes it. */
const routed = (path: string): string => path.replace(/\}:/, '}/').replaceAll(/\{(\w+)\}/g, ':$1');

/** Who asks a path in another way than it is there for is told which way that is. */
function refuseOthers(app: FastifyInstance, path: string): void {
  const allowed = routes.filter((route) => route.path === path).map(({ method }) => method);
  app.route({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => !(allowed as string[]).includes(method)),
    url: routed(path),
    onRequest: async ({ method }) => {
      const allow = allowed.join(', ');
      throw new Problem(405, `Expected ${allow} for the path ${path} but received ${method}`, '', { allow });
    },
    handler: () => undefined,
  });
}

function addRoute(app: FastifyInstance, service: Service, route: Route, keys: KeyCheck | undefined): void {
  const { method, path, open, takesPictures } = route;
  app.route({
    method,
    url: routed(path),
    // Before its body is read: what cannot be taken costs nothing.
    onRequest: async (request, reply) => {
      if (keys && !open && !keys(keyOf(request.headers))) {
        throw new Problem(
          401,
          "Expected a known key for header 'authorization' (Bearer KEY) but received none or another",
          '',
          {
            'www-authenticate': 'Bearer',
          },
        );
      }
      if (takesPictures) enter(service, request, reply);
    },
    handler: async (request, reply) => {
      const signal = request.deadline ?? AbortSignal.timeout(service.limits.timeout);
      return withDeadline(route.handle(service, request, reply, signal), signal);
    },
  });
}

/** Takes a place for a request until it is answered or its client has gone. */
function enter(service: Service, request: FastifyRequest, reply: FastifyReply): void {
  const length = Number(request.headers['content-length']);
  // Who does not say how much comes is counted with the most that is read.
  const place = service.enter(Number.isSafeInteger(length) ? length : service.limits.bytes);
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), service.limits.timeout);
  request.place = place;
  request.deadline = controller.signal;
  reply.raw.once('close', () => {
    clearTimeout(timer);
    place.release();
    controller.abort();
  });
}

/** A request that takes too long is answered all the same. */
function withDeadline<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new Problem(503, 'The request took longer than this server allows'));
    if (signal.aborted) late();
    signal.addEventListener('abort', late, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });
}

function answerProblem(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  onFault: AppOptions['onFault'],
): void {
  const answer = (status: number, message: string): void =>
    void reply.code(status).send(problemBody(request.url, status, message));
  if (error instanceof Problem) {
    reply.headers(error.headers);
    answer(error.status, error.message);
    return;
  }
  if ((error as unknown) instanceof FoveaError) {
    answer(400, error.message);
    return;
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) {
    onFault?.(error);
    answer(status, 'This server failed; whoever runs it finds the reason in its log');
    return;
  }
  if (status === 415) {
    answer(
      status,
      `Expected a content type that /openapi.json names for this path (image/jpeg, application/json, …) for header 'content-type' but received ${show(request.headers['content-type'] ?? 'none')}`,
    );
    return;
  }
  answer(
    status,
    `Expected a request as /openapi.json describes but received one that is not: ${error.message.slice(0, 200)}`,
  );
}
