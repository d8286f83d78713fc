import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformWithOxc } from 'vite';

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
const notFound = { status: 404, type: 'text/plain', body: 'not found' };

interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly body: string | Uint8Array;
}

/** One way to be served: the first part of every address. */
interface Site {
  readonly isolated: boolean;
  /** What becomes of some addresses instead of being served. */
  readonly wrong?: (path: string, importer: string) => Answer | undefined;
}

const sites = {
  isolated: { isolated: true },
  plain: { isolated: false },
  'without-kernels': { isolated: true, wrong: (path) => (path.endsWith('.wasm') ? notFound : undefined) },
  // As servers of single-page programs do.
  'a-page-for-everything-unknown': {
    isolated: true,
    wrong: (path) => (path.endsWith('.wasm') ? { type: 'text/html', body: '<!doctype html>' } : undefined),
  },
  'without-threads': { isolated: true, wrong: (path) => (path.endsWith('kernel-worker.js') ? notFound : undefined) },
  'without-what-threads-import': {
    isolated: true,
    wrong: (_, importer) => (importer.endsWith('kernel-worker.js') ? notFound : undefined),
  },
} satisfies Readonly<Record<string, Site>>;

export type SiteName = keyof typeof sites;

const root = fileURLToPath(new URL('../..', import.meta.url));
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.map': 'application/json',
};

/** Serves dist and, stripped of types, the tests' own scripts, on an own port of this machine alone. */
export async function startServer(): Promise<{ page(site: SiteName): string; close(): Promise<void> }> {
  const server = createServer(async ({ url = '/', headers }, response) => {
    const [, name, ...rest] = new URL(url, 'http://localhost').pathname.split('/');
    const path = rest.join('/');
    const site: Site | undefined = Object.hasOwn(sites, name) ? sites[name as SiteName] : undefined;
    try {
      send(
        response,
        site?.wrong?.(path, headers.referer ?? '') ?? (site ? await read(path) : notFound),
        site?.isolated ?? false,
      );
    } catch {
      send(response, notFound, site?.isolated ?? false);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    page: (site) => `http://127.0.0.1:${port}/${site}/page.html`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, { status = 200, type, body }: Answer, isolated: boolean): void {
  response.writeHead(status, { 'Content-Type': type, ...(isolated ? isolation : {}) }).end(body);
}

async function read(path: string): Promise<Answer> {
  // What core depends on; without a bundler a page has to be told where it is.
  const imports = {
    zod: './node_modules/zod/index.js',
    fflate: './node_modules/fflate/esm/browser.js',
    fzstd: './node_modules/fzstd/esm/index.mjs',
    'hyparquet/': './node_modules/hyparquet/',
    pbf: './node_modules/pbf/index.js',
    '@dagrejs/dagre': './node_modules/@dagrejs/dagre/dist/dagre.esm.js',
  };
  if (path === 'page.html')
    return {
      type: 'text/html',
      body: `<!doctype html><link rel="icon" href="data:"><script type="importmap">${JSON.stringify({ imports })}</script>`,
    };
  const served = path.startsWith('dist/') || /^node_modules\/(zod|fflate|fzstd|hyparquet|pbf|@dagrejs)\//.test(path);
  if (served) {
    return { type: types[extname(path)] ?? 'application/octet-stream', body: await readFile(join(root, path)) };
  }
  if (!path.startsWith('tests/') || !path.endsWith('.js')) return notFound;
  const file = join(root, path.replace(/\.js$/, '.ts'));
  const { code } = await transformWithOxc(await readFile(file, 'utf8'), file, { sourcemap: false });
  // What it tests is what the build made.
  const body = code.replace(/(["'])((?:\.\.?\/)+)(src\/)?([^"']*)\.ts\1/g, (_, quote, up, source, rest) => {
    return `${quote}${up}${source ? 'dist/' : ''}${rest}.js${quote}`;
  });
  return { type: 'text/javascript', body };
}
