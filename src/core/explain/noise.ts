import { cos, log } from '../maths.ts';
import { RandomStream } from '../random.ts';

/** Numbers of mean 0 and deviation 1 (Box and Muller 1958), the same everywhere for a seed. */
export function normal(seed: number): () => number {
  const random = new RandomStream(seed, 'sample');
  return () => {
    const radius = Math.sqrt(-2 * log(1 - random.uniform()));
    return radius * cos(2 * Math.PI * random.uniform());
  };
}
