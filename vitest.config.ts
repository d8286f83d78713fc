import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,tests}/**/*.test.ts'],
    // Nothing that a test finds is kept in the user's folder of caches, nor found there.
    env: { FOVEA_CACHE: '' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // On two cores: files that start commands and browsers wait for them, so that a third finds time.
    maxWorkers: 3,
    // What a test changes it puts back, so that the files of a worker share what they import.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    reporters: process.env.CI ? ['default', './scripts/plain-reporter.mjs'] : ['default'],
  },
});
