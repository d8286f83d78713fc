import { fileURLToPath } from 'node:url';
import { type FastifyInstance, fastify } from 'fastify';
import type { StudioContext } from '../core/workbench/studio/context.ts';
import { createAccess, isLoopback, newToken } from './access.ts';
import { addApi, bodyLimit } from './api.ts';
import { listAppFiles } from './app-files.ts';
import { setHeaders } from './headers.ts';

export interface ServerOptions {
  /** Default 127.0.0.1: this machine alone. */
  readonly host?: string;
  /** Default 4477; 0: any that is free. */
  readonly port?: number;
  /** Default: a new one. */
  readonly token?: string;
  /** The folder of the built page. */
  readonly app: URL;
  /** A key and a certificate: https. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface StudioServer {
  /** With the token: what a person opens. */
  readonly address: string;
  readonly port: number;
  readonly token: string;
  /** False where the page was not built: the data are served, and nothing to look at. */
  readonly hasPage: boolean;
  close(): Promise<void>;
}

export const usualPort = 4477;

/** Serves a studio: the built page, and everything else under /api/ to who has the token. Nothing is asked of others. */
export async function serveStudio(studio: StudioContext, options: ServerOptions): Promise<StudioServer> {
  const { host = '127.0.0.1', port = usualPort, token = newToken(), app, tls } = options;
  const server = fastify({
    bodyLimit,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    // Above it Node itself answers 431.
    http: { maxHeaderSize: 16_384 },
    ...(tls ? { https: { ...tls, maxHeaderSize: 16_384 } } : {}),
    requestTimeout: 300_000,
    exposeHeadRoutes: false,
  } as object) as unknown as FastifyInstance;
  const access = createAccess(host, () => (server.server.address() as { port: number }).port, token);

  server.addHook('onRequest', async (request, reply) => {
    setHeaders(reply);
    const refusal =
      access.checkOrigin(request.headers) ??
      (request.url.startsWith('/api/') || request.url === '/api' ? access.checkToken(request.headers) : undefined);
    if (refusal) {
      const { status, message, mend } = refusal;
      return reply.status(status).send({ error: { kind: 'refused', message, mend } });
    }
  });
  server.setErrorHandler((error: { statusCode?: number; message: string }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) studio.host.report(error);
    const message = status >= 500 ? 'Something went wrong in Fovea itself' : error.message;
    return setHeaders(reply)
      .status(status)
      .send({ error: { kind: status >= 500 ? 'broken' : 'refused', message, mend: '' } });
  });
  server.setNotFoundHandler((_request, reply) =>
    reply.status(404).send({ error: { kind: 'unknown', message: 'There is nothing of that name', mend: '' } }),
  );
  addApi(server, studio);
  const files = await listAppFiles(fileURLToPath(app));
  addPage(server, access, files, tls !== undefined);
  await server.listen({ host, port });
  const bound = (server.server.address() as { port: number }).port;
  const name = isLoopback(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return {
    address: `${tls ? 'https' : 'http'}://${name}:${bound}/?token=${token}`,
    port: bound,
    token,
    hasPage: files.has('/'),
    close: () => server.close(),
  };
}

function addPage(
  server: FastifyInstance,
  access: ReturnType<typeof createAccess>,
  files: Awaited<ReturnType<typeof listAppFiles>>,
  secure: boolean,
): void {
  server.get('/*', async (request, reply) => {
    const [path, search = ''] = request.url.split('?', 2);
    const token = new URLSearchParams(search).get('token');
    if (path === '/' && token !== null) {
      if (!access.isToken(token)) {
        return reply
          .status(401)
          .type('text/plain; charset=utf-8')
          .send('This token is of another studio. Open the address that fovea studio printed.\n');
      }
      // Out of the address bar and its history; a script of the page cannot read it either.
      const cookie = `${access.cookie}=${token}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
      return reply.header('set-cookie', cookie).header('cache-control', 'no-store').redirect('/', 303);
    }
    const file = files.get(path);
    if (!file) {
      return reply
        .status(404)
        .type('text/plain; charset=utf-8')
        .send(path === '/' ? 'The page was not built. Run npm run build.\n' : 'There is nothing of that name.\n');
    }
    const caching = file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache';
    return reply
      .header('cache-control', caching)
      .type(file.type)
      .send(await file.read());
  });
}
