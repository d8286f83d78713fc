// Builds the studio's page: src/studio → dist/studio, files for the server and for any static host.
import { join } from 'node:path';
import { build } from 'vite';

/** @param root the repository. */
export async function buildStudio(root) {
  await build({
    root: join(root, 'src/studio'),
    configFile: false,
    logLevel: 'warn',
    // Served from any folder of a host.
    base: './',
    oxc: { jsx: { runtime: 'automatic' } },
    worker: { format: 'es' },
    build: {
      outDir: join(root, 'dist/studio'),
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
      },
    },
  });
}
