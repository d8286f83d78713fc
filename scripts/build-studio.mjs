// Builds the studio's page: src/studio → dist/studio, files for the server and for any static host. What runs in browsers
// is taken as the compiler wrote it (dist/browser), where the kernels and the scripts of workers lie beside it.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'vite';

/** Names of fixed address: a page looks for it beside itself, and a browser keeps it under its name. */
const serviceWorker = 'service-worker.js';

/** @param root the repository. @param newest tells when a path last changed. */
export async function buildStudio(root, newest) {
  const out = join(root, 'dist/studio');
  const made = join(out, serviceWorker);
  const sources = [
    'src/studio',
    'src/browser',
    'src/report',
    'src/core',
    'src/kernels',
    'scripts/build-studio.mjs',
    'package-lock.json',
  ];
  const changed = Math.max(...sources.map((path) => newest(join(root, path))));
  if (existsSync(made) && statSync(made).mtimeMs >= changed) return;
  await build({
    root: join(root, 'src/studio'),
    configFile: false,
    logLevel: 'warn',
    // Served from any folder of a host.
    base: './',
    oxc: { jsx: { runtime: 'automatic' } },
    plugins: [compiledBrowser(root)],
    worker: { format: 'es' },
    build: {
      outDir: out,
      emptyOutDir: true,
      target: 'es2022',
      manifest: true,
      // A Content-Security-Policy that forbids data: addresses stays possible, and nothing runs inline.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 900,
      rolldownOptions: {
        // Libraries mark what runs in browsers; here all of it does.
        onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning),
        // How long plugins took is nobody's concern who builds.
        checks: { pluginTimings: false },
      },
    },
  });
  // A plain script: browsers differ about modules there.
  const script = readFileSync(join(root, 'dist/browser/page', serviceWorker), 'utf8');
  writeFileSync(made, script.replace(/^export \{\};\s*$/m, '').replace(/^\/\/# sourceMappingURL.*$/m, ''));
}

/** `src/browser/x.ts`, imported by the page, means what was compiled from it. */
const compiledBrowser = (root) => ({
  name: 'compiled-browser',
  enforce: 'pre',
  resolveId(source, importer) {
    if (!importer || !source.startsWith('.') || !source.endsWith('.ts')) return undefined;
    const path = relative(join(root, 'src/browser'), resolve(dirname(importer), source));
    return path.startsWith('..') ? undefined : join(root, 'dist/browser', path.replace(/\.ts$/, '.js'));
  },
});
