import { FoveaError } from '../../core/errors.ts';
import { type Augmentation, parseAugmentation } from '../../core/image/augmentation-spec.ts';
import { augmentationKinds } from '../../core/image/augmentations/index.ts';
import { type CommandOption, UsageError } from '../command.ts';

/** What `--augment` means: `auto` is undefined, which lets the pictures decide. */
export type AugmentChoice = Augmentation | undefined;

function parseAugment(text: string, flag: string): AugmentChoice {
  if (text === 'auto') return undefined;
  if (text === 'none') return {};
  try {
    return parseAugmentation(text);
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    throw new UsageError(error.message.replace('for the augmentation but', `for ${flag} but`));
  }
}

/** `--augment flip,crop:4,rotate:10`. */
export const augmentOption: CommandOption = {
  flags: '--augment <changes>',
  doc: `changes of training pictures, such as flip,crop:4,rotate:10,colour:0.2,erase:0.25; auto (default), none, or any of ${augmentationKinds.map(({ name }) => name).join(', ')}`,
  parse: parseAugment,
};
