import { batchNormOff } from './batch-norm-off.ts';
import type { Check } from './check.ts';
import { classMissing } from './class-missing.ts';
import { deadUnits } from './dead-units.ts';
import { divergence } from './divergence.ts';
import { explodingGradients } from './exploding-gradients.ts';
import { type Finding, severities } from './finding.ts';
import { labelNoise } from './label-noise.ts';
import { leakedVal } from './leaked-val.ts';
import { learningRateHigh } from './learning-rate-high.ts';
import { learningRateLow } from './learning-rate-low.ts';
import { neverPredicted } from './never-predicted.ts';
import { noSpatialStructure } from './no-spatial-structure.ts';
import { overfitting } from './overfitting.ts';
import { plateau } from './plateau.ts';
import { readSigns, type Symptoms } from './signs.ts';
import { singleClass } from './single-class.ts';
import { underfitting } from './underfitting.ts';
import { unnormalisedInput } from './unnormalised-input.ts';
import { valEasier } from './val-easier.ts';
import { valTooSmall } from './val-too-small.ts';
import { vanishingGradients } from './vanishing-gradients.ts';

/** THE LIST of checks: causes before what they cause, so that of several the first one is to be mended first. */
export const checks: readonly Check[] = [
  singleClass,
  classMissing,
  leakedVal,
  unnormalisedInput,
  noSpatialStructure,
  explodingGradients,
  learningRateHigh,
  divergence,
  deadUnits,
  vanishingGradients,
  learningRateLow,
  batchNormOff,
  labelNoise,
  valTooSmall,
  valEasier,
  overfitting,
  plateau,
  neverPredicted,
  underfitting,
];

/**
 * What a training's record says about it: the graver first, among equals causes before what they cause. What another
 * finding explains is left out. A pure function.
 */
export function diagnose(symptoms: Symptoms): Finding[] {
  const signs = readSigns(symptoms);
  const found = checks.flatMap((check): { check: Check; finding: Finding }[] => {
    if (check.atEnd && !symptoms.over) return [];
    const result = check.examine(signs);
    return result ? [{ check, finding: { kind: check.kind, ...result } }] : [];
  });
  const kinds = new Set(found.map(({ finding }) => finding.kind));
  return found
    .filter(({ check }) => !check.yieldsTo?.some((kind) => kinds.has(kind)))
    .map(({ finding }) => finding)
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}
