import { pow } from '../../maths.ts';
import type { RandomStream } from '../../random.ts';

/** Keeps draws of 0 away from 0: half the step of `uniform`, 2^-25. */
const halfStep = 1 / 33554432;

/**
 * A share drawn from Beta(alpha, alpha), by Jöhnk's method (1964): exact; of draws it needs few for alpha up to about 2.
 *
 * @param alpha 0.1 … 4. @returns a number in (0, 1), its mean 1/2.
 */
export function drawBeta(random: RandomStream, alpha: number): number {
  for (;;) {
    const x = pow(random.uniform() + halfStep, 1 / alpha);
    const y = pow(random.uniform() + halfStep, 1 / alpha);
    if (x + y <= 1) return x / (x + y);
  }
}
