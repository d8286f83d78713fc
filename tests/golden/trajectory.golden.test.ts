import { createReferenceEngine } from '../../src/core/backend/reference.ts';
import { runTrajectoryGoldens } from './trajectory.ts';

/** The plain loops of the reference are slow; the fast engine runs all 200 steps. */
runTrajectoryGoldens('trajectory on the reference engine', () => createReferenceEngine(), 5);
