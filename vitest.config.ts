import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    // Nothing that a test finds is kept in the user's folder of caches, nor found there.
    env: { FOVEA_CACHE: '' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests start engines and commands of their own; more files at once than cores only makes them slower.
    maxWorkers: 2,
    reporters: process.env.CI ? ['default', './scripts/plain-reporter.mjs'] : ['default'],
  },
});
