import { say } from '../say.ts';
import { type Augmentation, completeAugmentation } from './augmentation-spec.ts';

/** Names of which a mirror image is another thing or nothing: digits, letters, signs, directions. */
const unmirrored = /^(.|\d+|.*\b(left|right|digit|letter|zero|one|two|three|four|five|six|seven|eight|nine)\b.*)$/iu;

/** Beyond this many degrees a 6 turns into a 9, a W into an M, an arrow elsewhere. */
const largestTurn = 45;

/** The first class of which a mirror image may be another thing, such as b and d; undefined where there is none. */
export const mirrorSensitive = (classNames: readonly string[]): string | undefined =>
  classNames.find((name) => unmirrored.test(name.replace(/_/g, ' ')));

/** Sentences on changes under which labels of these classes may become false; none where all is well. */
export function warnOfLabels(augmentation: Augmentation, classNames: readonly string[]): string[] {
  const name = mirrorSensitive(classNames);
  if (name === undefined) return [];
  const warnings: string[] = [];
  for (const { kind, values } of completeAugmentation(augmentation)) {
    const turn = kind.turns?.(values) ?? 0;
    if (kind.mirrors && values.probability > 0) {
      warnings.push(say`'${kind.name}' mirrors pictures, and a mirrored '${name}' may be another thing: leave it out.`);
    } else if (turn > largestTurn) {
      warnings.push(
        say`'${kind.name}' turns pictures by up to ${turn} degrees, and a turned '${name}' may be another thing.`,
      );
    }
  }
  return warnings;
}
