import { buildModel } from '../model/build.ts';
import type { ModelSpec } from '../model/spec.ts';
import { compilePlan } from '../plan/compile.ts';
import { type Choice, type DescribedStep, describePlan } from '../plan/describe.ts';
import { keptForBackward } from '../plan/kept.ts';
import type { Algorithm } from '../plan/lowering.ts';
import { measurePlan, type PlanMemory } from '../plan/measure.ts';
import { defaultsOf } from './defaults.ts';
import { buildTraining } from './programs.ts';

/** Kernels of one pass of one layer, in order; empty where another layer's kernels do its work. */
export interface LayerPass {
  readonly kernels: readonly string[];
  /** Those of them that run for every batch; the others bring weights into their order, once. */
  readonly running: readonly string[];
  /** Ids of the layers that these kernels compute as well. */
  readonly with: readonly string[];
  /** The ways of computing that were chosen; empty where there is no choice. */
  readonly choices: readonly Choice[];
}

/** What will run for one layer. */
export interface LayerKernels {
  readonly id: string;
  readonly type: string;
  /** Forward, with the weights as they are: testing and classifying. */
  readonly evaluation: LayerPass;
  /** Forward, in a training step. */
  readonly forward: LayerPass;
  readonly backward: LayerPass;
  /** Bytes that training keeps of it for the backward pass, for one picture. */
  readonly kept: number;
}

export interface ModelKernels {
  readonly algorithm: Algorithm;
  readonly layers: readonly LayerKernels[];
  /** Kernels of a training step that belong to no layer: pictures to numbers, the loss, the optimizer's update. */
  readonly around: readonly string[];
  /** Of a training step with `batch` pictures. */
  readonly memory: PlanMemory;
  /** Bytes that training keeps for the backward pass for one picture: of all layers, and of the picture itself. */
  readonly kept: { readonly layers: number; readonly picture: number };
  readonly batch: number;
}

/**
 * Tells which kernels will run for each layer of a model and by which rule, with the batch and optimizer that training
 * takes by default. They follow from the shapes and `algorithm`, never from threads or machine.
 */
export function describeKernels(
  spec: ModelSpec,
  modelName: string,
  algorithm: Algorithm = 'auto',
  batch: number = defaultsOf(modelName).batch,
): ModelKernels {
  const { optimizer } = defaultsOf(modelName);
  const options = { capacity: batch, algorithm };
  const evaluated = buildModel(spec, { training: false, inputType: 'uint8' });
  const evaluation = describePlan(evaluated.graph, { ...options, outputs: [evaluated.logits] });
  const channels = spec.input[2];
  const preprocessing = { mean: Array<number>(channels).fill(0), std: Array<number>(channels).fill(1) };
  const { model, losses } = buildTraining(
    { model: spec, optimizer, loss: { type: 'softmaxCrossEntropy' } },
    preprocessing,
  );
  const trainingOptions = { ...options, outputs: [model.logits, losses] };
  const plan = compilePlan(model.graph, trainingOptions);
  const training = describePlan(model.graph, trainingOptions, plan);
  const memory = measurePlan(plan);
  const ids = new Set(model.layers.map(({ id }) => id));
  const keptBy = new Map<string | undefined, number>();
  for (const { value, bytes } of keptForBackward(plan, model.layers[model.layers.length - 1].endNode)) {
    const id = layerOf(value, ids);
    keptBy.set(id, (keptBy.get(id) ?? 0) + bytes / batch);
  }
  const byLayer = (steps: readonly DescribedStep[]): ReadonlyMap<string, DescribedStep[]> => {
    const owned = new Map<string, DescribedStep[]>([...ids].map((id) => [id, []]));
    for (const step of steps) {
      if (!step.node.name.endsWith('.update')) owned.get(layerOf(step.node.name, ids) ?? '')?.push(step);
    }
    return owned;
  };
  const [trained, evaluatedBy] = [byLayer(training), byLayer(evaluation)];
  const layers = model.layers.map(({ id, layer, firstNode, endNode }): LayerKernels => {
    const steps = trained.get(id) ?? [];
    const isForward = ({ node }: DescribedStep): boolean => node.id >= firstNode && node.id < endNode;
    return {
      id,
      type: layer.type,
      evaluation: passOf(evaluatedBy.get(id) ?? [], id, ids),
      forward: passOf(steps.filter(isForward), id, ids),
      backward: passOf(
        steps.filter((step) => !isForward(step)),
        id,
        ids,
      ),
      kept: keptBy.get(id) ?? 0,
    };
  });
  const others = training.filter(({ node }) => !layerOf(node.name, ids) || node.name.endsWith('.update'));
  const around = unique(others.flatMap(({ kernels }) => kernels));
  const kept = { layers: layers.reduce((sum, layer) => sum + layer.kept, 0), picture: keptBy.get(undefined) ?? 0 };
  return { algorithm, layers, around, memory, kept, batch };
}

/** Nodes are named after their layer: `<id>`, `<id>.gradInput`, `<id>#2`. */
function layerOf(node: string, ids: ReadonlySet<string>): string | undefined {
  for (let end = node.length; end > 0; end--) {
    const ends = end === node.length || '.#:'.includes(node[end]);
    if (ends && ids.has(node.slice(0, end))) return node.slice(0, end);
  }
  return undefined;
}

function passOf(steps: readonly DescribedStep[], id: string, ids: ReadonlySet<string>): LayerPass {
  const fused = steps.flatMap((step) => step.fused.flatMap(({ name }) => layerOf(name, ids) ?? []));
  const choices = steps.flatMap(({ choice }) => choice ?? []);
  return {
    kernels: unique(steps.flatMap(({ kernels }) => kernels)),
    running: unique(steps.flatMap(({ running }) => running)),
    with: unique(fused).filter((other) => other !== id),
    choices: choices.filter((one, i) => choices.findIndex(({ why }) => why === one.why) === i),
  };
}

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
