import { createReferenceEngine } from '../../src/core/backend/reference.ts';
import { referenceTolerance, runModelGoldens } from './models.ts';

runModelGoldens('models on the reference engine', () => createReferenceEngine(), referenceTolerance);
