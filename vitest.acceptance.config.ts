import { defineConfig } from 'vitest/config';

/** Heavy runs on real pictures, one after the other: `npm run acceptance`. */
export default defineConfig({
  test: {
    include: ['tests/acceptance/**/*.acceptance.ts'],
    env: { FOVEA_CACHE: '' },
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
    fileParallelism: false,
    reporters: ['verbose'],
  },
});
