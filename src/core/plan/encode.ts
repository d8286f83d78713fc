import type { Value } from '../graph/graph.ts';
import type { Argument } from './lowering.ts';

/** The words of an argument list, given addresses. */
export function encodeArguments(
  args: readonly Argument[],
  addressOf: { value(value: Value): number; scratch(index: number): number; table(table: Int32Array): number },
): Int32Array {
  const words = new Int32Array(args.length);
  const floats = new Float32Array(words.buffer);
  args.forEach((argument, i) => {
    if (typeof argument === 'number') words[i] = argument;
    else if ('float' in argument) floats[i] = argument.float;
    else if ('value' in argument) words[i] = addressOf.value(argument.value);
    else if ('scratch' in argument) words[i] = addressOf.scratch(argument.scratch);
    else words[i] = addressOf.table(argument.table);
  });
  return words;
}
