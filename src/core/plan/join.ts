import type { Step } from './fuse.ts';
import type { Algorithm, Lowering } from './lowering.ts';
import { dependsOn, touchedBy } from './order.ts';

/**
 * Lets one step compute two nodes that share work (`Lowering.joins`), as the gradients of a convolution by its input and by
 * its weights, which both transform the gradient of its result. A pair runs in the place of the earlier one, so nothing
 * before the later one may write what that needs. Each computes what it computed alone: no bit changes.
 */
export function joinSteps(
  steps: readonly Step[],
  loweringOf: (op: string) => Lowering | undefined,
  algorithm: Algorithm = 'auto',
): Step[] {
  const joined: (Step | undefined)[] = [...steps];
  steps.forEach((step, i) => {
    const lowering = loweringOf(step.node.op.name);
    if (!lowering?.joins || !isAlone(step)) return;
    const suits = (other: Step | undefined): boolean =>
      other !== undefined && isAlone(other) && lowering.joins?.(step.node, other.node, algorithm) === true;
    const places = joined.flatMap((other, place) => (place !== i && suits(other) ? [place] : []));
    const nearest = places
      .sort((a, b) => Math.abs(a - i) - Math.abs(b - i))
      .find((place) => movesUp(joined, Math.max(i, place), Math.min(i, place)));
    if (nearest === undefined) return;
    const pair = join(step, joined[nearest] as Step);
    joined[Math.max(i, nearest)] = undefined;
    joined[Math.min(i, nearest)] = pair;
  });
  return joined.filter((step) => step !== undefined);
}

/** Whether the step at `from` may run as early as the one at `to`. */
function movesUp(steps: readonly (Step | undefined)[], from: number, to: number): boolean {
  const later = touchedBy(steps[from] as Step);
  return steps.slice(to, from).every((step) => !step || !dependsOn(later, touchedBy(step)));
}

/** Whether its kernels compute its node and nothing else, so that those of another node can take it over. */
const isAlone = ({ affine, residual, epilogue, halving, joined }: Step): boolean =>
  !affine && !residual && epilogue === 'none' && !halving && !joined;

const join = (step: Step, other: Step): Step => ({
  ...step,
  joined: other,
  inputs: [...new Set([...step.inputs, ...other.inputs])],
  outputs: [...step.outputs, ...other.outputs],
});
