import { createReferenceEngine } from '../../src/core/backend/reference.ts';
import { runGoldenCases } from './harness.ts';

runGoldenCases('goldens on the reference engine', () => createReferenceEngine());
runGoldenCases('goldens on the reference engine, rounded to float32', () =>
  createReferenceEngine({ roundToFloat32: true }),
);
