import type { Calibration, RejectionRule } from '../classifier/calibration.ts';
import { chooseThreshold } from './coverage.ts';
import { confidencesOf, predictionsOf, rightOf } from './predictions.ts';
import { probabilitiesOf } from './probabilities.ts';
import { calibrationError, reliabilityBins } from './reliability.ts';
import { fitTemperature } from './temperature.ts';

/** With fewer mistakes the temperature would be decided by a picture or two. */
const fewestMistakes = 5;

/**
 * Learns from validation pictures how sure a classifier may be: a temperature, and where a rule is given the probability
 * below which it says "unknown". Where there are too few mistakes to learn from, the temperature is 1, and `note` says so.
 * @param logits [n, classes] of validation pictures. @param labels n.
 * @throws FoveaError when no threshold fulfils the rule.
 */
export function calibrate(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  rule?: RejectionRule,
): Calibration {
  const images = labels.length;
  const right = rightOf(predictionsOf(logits, classes), labels);
  const mistakes = right.reduce((sum, one) => sum + 1 - one, 0);
  const note =
    mistakes < fewestMistakes
      ? `Only ${mistakes} of ${images} validation pictures are wrong, too few to say how sure it may be: probabilities stay as they are.`
      : undefined;
  const { temperature, lossBefore, lossAfter } = fitTemperature(logits, labels, classes);
  const kept = note === undefined ? temperature : 1;
  const before = sureness(logits, classes, right, 1);
  const after = sureness(logits, classes, right, kept);
  const chosen = rule && chooseThreshold(after.confidences, right, rule);
  return {
    temperature: kept,
    images,
    loss: { before: lossBefore, after: note === undefined ? lossAfter : lossBefore },
    ece: { before: before.ece, after: after.ece },
    ...(note === undefined ? {} : { note }),
    ...(rule && chosen
      ? {
          rejection: {
            threshold: chosen.threshold,
            rule,
            coverage: chosen.coverage,
            error: 1 - chosen.accuracy,
          },
        }
      : {}),
  };
}

/** How sure answers are at a temperature, and how wrongly so. */
export function sureness(
  logits: ArrayLike<number>,
  classes: number,
  right: ArrayLike<number>,
  temperature: number,
): { readonly confidences: Float64Array; readonly ece: number } {
  const probabilities = probabilitiesOf(logits, classes, temperature);
  const confidences = confidencesOf(probabilities, predictionsOf(logits, classes), classes);
  return { confidences, ece: calibrationError(reliabilityBins(confidences, right)) };
}
