import { createEngine } from '../../src/node/engine.ts';
import { runModelGoldens, float32Tolerance } from './models.ts';
import { runTrajectoryGoldens } from './trajectory.ts';

runModelGoldens('models on wasm', () => createEngine({ threads: 2, poison: true }), float32Tolerance);
runTrajectoryGoldens('trajectory on wasm', () => createEngine({ threads: 2 }), 200);
