import { type Argument, elementsPerChunk, type LoweringContext } from '../lowering.ts';

/** The L2 norm of several tensors together, as one float32 at `to`: partial sums in float64, added in order. */
export function callNorm(
  { scratch, call }: LoweringContext,
  tensors: readonly { readonly at: Argument; readonly elements: number }[],
  to: Argument,
): void {
  const chunks = tensors.map(({ elements }) => Math.ceil(elements / elementsPerChunk));
  const count = chunks.reduce((sum, chunk) => sum + chunk, 0);
  const partials = scratch(count * 8);
  let first = 0;
  tensors.forEach(({ at, elements }, i) => {
    call('gradientNorm_squares', [at, partials, first, elements], chunks[i]);
    first += chunks[i];
  });
  call('gradientNorm_combine', [partials, to, count], 1);
}
