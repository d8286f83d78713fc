import { createEngine } from '../../src/node/engine.ts';
import { runGoldenCases } from './harness.ts';

runGoldenCases('goldens on wasm, inline', () => createEngine({ inline: true, poison: true }));
runGoldenCases('goldens on wasm, two threads', () => createEngine({ threads: 2, inlineWork: 0, poison: true }));
