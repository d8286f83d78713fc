import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

/** A file of the page. */
export interface AppFile {
  readonly type: string;
  /** True for files whose name changes with their content. */
  readonly immutable: boolean;
  read(): Promise<Buffer>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * The files of the built page by their address, `/` the page itself. They are listed once: what a request names is looked
 * up here and never becomes a path. Empty where the page was not built.
 */
export async function listAppFiles(folder: string): Promise<ReadonlyMap<string, AppFile>> {
  const files = new Map<string, AppFile>();
  const visit = async (path: string): Promise<void> => {
    for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) await visit(inner);
      else if (entry.isFile() && Object.hasOwn(types, extname(entry.name))) {
        const address = `/${relative(folder, inner).split(sep).join('/')}`;
        files.set(address, {
          type: types[extname(entry.name)],
          immutable: address.startsWith('/assets/'),
          read: () => readFile(inner),
        });
      }
    }
  };
  await visit(folder);
  const page = files.get('/index.html');
  if (page) files.set('/', page);
  return files;
}
