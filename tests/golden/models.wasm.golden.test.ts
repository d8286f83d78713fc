import { createEngine } from '../../src/node/engine.ts';
import { float32Tolerance, runModelGoldens } from './models.ts';
import { runTrajectoryGoldens } from './trajectory.ts';

runModelGoldens('models on wasm', () => createEngine({ threads: 2, inlineWork: 0, poison: true }), float32Tolerance);
runTrajectoryGoldens('trajectory on wasm', () => createEngine({ threads: 2, inlineWork: 0 }), 200);
