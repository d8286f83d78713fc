import { expect } from 'vitest';
import type { Engine } from '../../src/core/backend/backend.ts';
import * as builder from '../../src/core/model/builder.ts';
import { canonicalModel } from '../../src/core/model/canonical.ts';
import { parseShorthand, shorthandOf } from '../../src/core/model/shorthand.ts';
import { adapt, type ModelDraft, type ModelSpec, readModelDraft } from '../../src/core/model/spec.ts';
import { summarize } from '../../src/core/model/summary.ts';
import { typescriptOf } from '../../src/core/model/typescript.ts';
import { initializeWeights } from '../../src/core/model/weights.ts';
import { sizeOf } from '../../src/core/shape.ts';
import { compileEvaluation } from '../../src/core/train/programs.ts';
import { compileTraining } from '../../src/core/workbench/bench/presets.ts';
import { boxesOf } from '../../src/core/workbench/picture/boxes.ts';

/** The text of a module as the model that it exports, without a file. */
export function runTypescript(text: string): ModelDraft {
  const [, names, body] = /^import \{ (.*) \} from 'fovea';\n\nexport default ([\s\S]*);\n$/.exec(text) ?? [];
  return new Function('fovea', `'use strict'; const { ${names} } = fovea; return ${body};`)(builder) as ModelDraft;
}

/** JSON to TypeScript to JSON, to a line and back: every form says the same. @returns the line, where there is one. */
export function checkForms(spec: ModelSpec): string | undefined {
  const canonical = canonicalModel(spec);
  const text = JSON.stringify(canonical);
  expect(JSON.stringify(canonicalModel(canonical))).toBe(text);
  expect(JSON.stringify(canonicalModel(readModelDraft(JSON.stringify(spec), 'x')))).toBe(text);
  expect(JSON.stringify(canonicalModel(runTypescript(typescriptOf(spec))))).toBe(text);
  const line = shorthandOf(spec);
  if (line === undefined) return undefined;
  const { name: _, ...nameless } = canonical;
  expect(JSON.stringify(canonicalModel(adapt(parseShorthand(line), spec)))).toBe(JSON.stringify(nameless));
  expect(shorthandOf(parseShorthand(line))).toBe(line);
  return line;
}

/** Builds, summarises, and runs a step forward and backward on an engine: shapes and finite numbers come out. */
export async function runSpec(engine: Engine, spec: ModelSpec): Promise<void> {
  const summary = summarize(spec);
  const last = summary.layers[summary.layers.length - 1];
  expect(last.outputShape).toEqual([spec.classes]);
  expect(
    boxesOf(spec, summary)
      .flatMap(({ layers }) => layers)
      .sort(),
  ).toEqual(spec.layers.map(({ id }) => id).sort());
  const step = await compileTraining(engine, spec, { optimizer: { type: 'sgd' }, batch: 3 });
  await step(3).run();
  await step(2).run();
  const normalisation = {
    mean: spec.input.slice(2).flatMap((n) => Array(n).fill(0.5)),
    std: Array(spec.input[2]).fill(0.25),
  };
  const { model, labels, losses, program } = await compileEvaluation(engine, spec, normalisation, 2);
  const parameters = model.parameters.reduce(
    (sum, { value, trainable }) => sum + (trainable ? sizeOf(value.shape) : 0),
    0,
  );
  expect(summary.parameters).toBe(parameters);
  initializeWeights(engine, model.parameters, 1);
  program.write(
    model.input,
    Uint8Array.from({ length: 2 * sizeOf(spec.input) }, (_, i) => (i * 37) % 256),
  );
  program.write(labels, new Int32Array(2));
  await program.run(2);
  expect(program.read(model.logits).every(Number.isFinite)).toBe(true);
  expect(program.read(losses).every(Number.isFinite)).toBe(true);
}
