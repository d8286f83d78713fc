import { differentiate } from '../../autodiff/differentiate.ts';
import type { Engine } from '../../backend/backend.ts';
import type { Step } from '../../explain/arithmetic-steps.ts';
import { tabulate } from '../../explain/arithmetic-steps.ts';
import type { Value } from '../../graph/graph.ts';
import { appendLoss } from '../../losses/index.ts';
import { buildModel, type Normalisation } from '../../model/build.ts';
import type { ModelSpec } from '../../model/spec.ts';
import { initializeWeights } from '../../model/weights.ts';
import { softmax } from '../../ops/softmax.ts';
import { arithmetics, evaluate } from '../../plan/arithmetic/index.ts';

/** A weight of a fully connected layer, in a network that begins from a seed. */
export interface WeightQuestion {
  readonly model: ModelSpec;
  readonly preprocessing: Normalisation;
  readonly seed: number;
  /** [height, width, channels] of 8 bits. */
  readonly pixels: Uint8Array;
  readonly label: number;
  /** Which of the fully connected layers, from 0; which unit of it, and which of the unit's inputs. */
  readonly layer: number;
  readonly unit: number;
  readonly input: number;
}

/** A number of the backward pass, and the steps that give it. */
export interface Derived {
  readonly what: string;
  readonly formula: string;
  readonly steps: readonly Step[];
  /** What the engine computed, and what the steps give: the same bits. */
  readonly engine: number;
  readonly replayed: number;
}

export interface FollowedWeight {
  readonly weight: number;
  readonly loss: number;
  /** By class. */
  readonly probabilities: Float32Array;
  /** Of the loss by each logit. */
  readonly logitGradients: Float32Array;
  /** From the logits' gradients back to the weight's, in the order of computing. */
  readonly way: readonly Derived[];
  /** Of the loss by the weight, as the engine computed it. */
  readonly gradient: number;
  /** The loss with the weight at another value, all others as they are. */
  lossAt(weight: number): Promise<number>;
}

/**
 * Follows backpropagation to one weight, for one picture: every number by direct, unfused kernels, so that a person can
 * compute it again. @throws FoveaError when the model does not fit its input.
 */
export async function followWeight(engine: Engine, question: WeightQuestion): Promise<FollowedWeight> {
  const { model: spec, preprocessing, seed, pixels, label, layer, unit, input } = question;
  const model = buildModel(spec, { training: false, inputType: 'uint8', preprocessing });
  const { graph, logits } = model;
  const { loss, labels } = appendLoss(graph, logits);
  const [probabilities] = graph.apply(softmax, [logits], {}, 'probabilities');
  const connected = model.layers.filter(({ layer: { type } }) => type === 'linear');
  const { parameters, output } = connected[layer];
  const weight = parameters.find(({ name }) => name.endsWith('.weight'))!.value;
  const after =
    connected.length > layer + 1 ? graph.nodes.find(({ inputs }) => inputs[0] === output)!.outputs[0] : undefined;
  const wanted = [weight, output, logits, ...(after ? [after] : [])];
  const gradients = differentiate(graph, { of: loss, wanted });
  const intermediate = graph.values.filter(({ role }) => role === 'intermediate');
  const program = await engine.compile(graph, {
    ...{ capacity: 1, outputs: intermediate, fuse: false, algorithm: 'direct', regions: false },
  });
  initializeWeights(engine, model.parameters, seed);
  const [, units] = weight.shape;
  const element = input * units + unit;
  const initial = engine.readPersistent(weight.name);
  const run = async (): Promise<void> => {
    program.write(model.input, pixels);
    program.write(labels, Int32Array.of(label));
    await program.run(1);
  };
  await run();
  const read = (value: Value): Float32Array =>
    value.role === 'parameter' ? engine.readPersistent(value.name) : program.read(value);
  const derive = (what: string, of: Value, at: number): Derived => {
    const value = gradients.get(of) as Value;
    const node = value.node!;
    const arithmetic = arithmetics.get(node.op.name)!;
    const known = new Map<number, Float32Array>();
    const readInput = (place: number, index: number): number => {
      if (!known.has(place)) known.set(place, read(node.inputs[place]));
      return known.get(place)![index];
    };
    const request = { node, n: 1, capacity: 1, output: node.outputs.indexOf(value), element: at, read: readInput };
    const expression = arithmetic.expressionOf(request);
    return {
      what,
      formula: arithmetic.formula,
      steps: tabulate(expression, readInput, (place, index) => ({
        value: node.inputs[place].name,
        element: index,
        index: [index],
      })),
      engine: read(value)[at],
      replayed: evaluate(expression, readInput),
    };
  };
  const way = [
    ...(after
      ? [
          derive('gradient of the unit’s activation', after, unit),
          derive('gradient of the unit before its relu', output, unit),
        ]
      : []),
    derive('gradient of the weight', weight, element),
  ];
  return {
    weight: initial[element],
    loss: program.read(loss)[0],
    probabilities: program.read(probabilities),
    logitGradients: read(gradients.get(logits) as Value),
    way,
    gradient: way[way.length - 1].engine,
    async lossAt(value) {
      engine.writePersistent(weight.name, initial.with(element, value));
      await run();
      const result = program.read(loss)[0];
      engine.writePersistent(weight.name, initial);
      return result;
    },
  };
}

/** `0.31 × (−0.52) + 0.2 × 0.1 = −0.141`, step by step. */
export const stepsInWords = ({ steps }: Derived): string =>
  steps
    .map(({ rows, operation, result, why }) => {
      const sign = operation === 'difference' ? ' − ' : operation === 'quotient' ? ' / ' : ' + ';
      const terms = rows.map(({ operands }) => operands.map(({ number }) => signed(number)).join(' × ')).join(sign);
      return `${terms} = ${signed(result).replace(/[()]/g, '')}${why ? ` (${why})` : ''}`;
    })
    .join('; ');

const signed = (value: number): string => {
  const text = Number(value.toPrecision(4)).toString().replace('-', '−');
  return value < 0 ? `(${text})` : text;
};
