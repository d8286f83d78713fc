import { numberOf } from '../../ops/checks.ts';
import { address, type Lowering, type LoweringContext } from '../lowering.ts';
import { elementChunks, elementWords } from './cuts.ts';

/** What an activation's kernels take as their parameter. */
const parameterOf: Readonly<Record<string, (context: LoweringContext) => number>> = {
  leakyRelu: ({ node }) => numberOf(node.attributes, 'slope'),
  elu: ({ node }) => numberOf(node.attributes, 'alpha', 1),
};

/** `<name>` and `<name>Backward`: elementwise kernels of one and two inputs with one parameter. */
function activation(name: string): Lowering[] {
  const lower =
    (kernel: string) =>
    (context: LoweringContext): void => {
      const [y] = context.outputs;
      const parameter = { float: parameterOf[name]?.(context) ?? 0 };
      context.call(
        kernel,
        [...context.node.inputs.map(address), address(y), ...elementWords(y), parameter],
        elementChunks(y),
      );
    };
  return [
    { op: name, lower: lower(`${name}_forward`) },
    { op: `${name}Backward`, lower: lower(`${name}_backward`) },
  ];
}

export const activationLowerings: readonly Lowering[] = [
  'relu',
  'relu6',
  'leakyRelu',
  'elu',
  'sigmoid',
  'tanh',
  'silu',
  'hardSigmoid',
  'hardSwish',
  'gelu',
  'geluTanh',
].flatMap(activation);
