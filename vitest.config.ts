import { defineConfig } from 'vitest/config';

/** What needs no process, page or folder of its own. */
const core = ['src/core/**/*.test.ts', 'tests/{contract,golden,hostile,property}/**/*.test.ts'];

export default defineConfig({
  test: {
    // Nothing that a test finds is kept in the user's folder of caches, nor found there.
    env: { FOVEA_CACHE: '' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // On two cores: files that start commands and browsers wait for them, so that a third finds time.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        // Nothing of these outlives a test, so that files share what they import.
        test: { name: 'core', include: core, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'product',
          include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: [...core, '**/node_modules/**'],
        },
      },
    ],
    reporters: process.env.CI ? ['default', './scripts/plain-reporter.mjs'] : ['default'],
  },
});
