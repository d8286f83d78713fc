import type { Lowering } from '../lowering.ts';
import { accumulateLowering } from './accumulate.ts';
import { activationLowerings } from './activation.ts';
import { batchNormAgainLowering } from './batchNormAgain.ts';
import { conv2dLowerings } from './conv2d.ts';
import { dropoutLowerings } from './dropout.ts';
import { elementwiseLowerings } from './elementwise.ts';
import { linearLowerings } from './linear.ts';
import { lossLowerings } from './loss.ts';
import { normLowerings } from './norm.ts';
import { optimizerLowerings } from './optimizer.ts';
import { peakLowerings } from './peak.ts';
import { mixingLowerings } from './pixelMix.ts';
import { poolLowerings } from './pool.ts';
import { structureLowerings } from './structure.ts';

/** How each op becomes kernel calls, by the op's name. An op absent here runs on the reference engine only. */
export const lowerings: ReadonlyMap<string, Lowering> = new Map(
  [
    accumulateLowering,
    ...activationLowerings,
    batchNormAgainLowering,
    ...conv2dLowerings,
    ...dropoutLowerings,
    ...elementwiseLowerings,
    ...linearLowerings,
    ...lossLowerings,
    ...mixingLowerings,
    ...normLowerings,
    ...optimizerLowerings,
    ...peakLowerings,
    ...poolLowerings,
    ...structureLowerings,
  ].map((lowering) => [lowering.op, lowering]),
);
