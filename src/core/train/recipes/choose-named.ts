import { type Dataset, pictureSize } from '../../dataset/dataset.ts';
import { type Augmentation, completeAugmentation, parseAugmentation } from '../../image/augmentation-spec.ts';
import { mirrorSensitive } from '../../image/mirror-names.ts';
import { presetNamed } from '../../model/presets/index.ts';
import { say } from '../../say.ts';
import type { RecipeChoices } from '../choose-recipe.ts';
import { kindOf, kindWords, type RecipeSettings, recipeNamed } from './index.ts';

/** With fewer training pictures batches are a quarter, for more steps, and the learning rate half. */
const fewPictures = 4000;
const smallestBatch = 32;

/**
 * What a named recipe says for these pictures; what a person says goes before it.
 * @throws FoveaError for an unknown name.
 */
export function chooseNamed(given: RecipeChoices, train: Dataset): { choices: RecipeChoices; why: string[] } {
  if (given.recipe === undefined) return { choices: given, why: [] };
  const recipe = recipeNamed(given.recipe);
  const kind = kindOf(train);
  const usual = recipe.settings[kind];
  // Names such as 0 to 9 may be numbers of other classes: whoever mirrors the pictures says that they are no signs.
  const named = mirrorSensitive(train.classNames) !== undefined;
  const signs = named && !mirrors(given.augmentation ?? {});
  const settings = signs ? { ...usual, ...usual.signs } : usual;
  const { labelSmoothing, optimizer, average, clip, warmup, schedule, testTimeAugmentation } = settings;
  const few = train.count < fewPictures;
  const epochs = epochsFor(settings, train);
  const augmentation = augmentationFor(settings, train, !named);
  const own: RecipeChoices = {
    ...modelOf(settings, train, given),
    epochs: epochs.count,
    batch: few ? Math.max(smallestBatch, Math.round(settings.batch / 4)) : settings.batch,
    optimizer,
    learningRate: few ? settings.learningRate / 2 : settings.learningRate,
    schedule,
    warmup,
    ...(labelSmoothing > 0 ? { labelSmoothing } : {}),
    augmentation,
    ...(testTimeAugmentation && mirrors(given.augmentation ?? augmentation ?? {}) ? { testTimeAugmentation } : {}),
    ...(average ? { average } : {}),
    ...(clip ? { clip } : {}),
  };
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  // Another optimizer than the recipe's has learning rates of its own, another loss its own smoothing.
  if (given.optimizer !== undefined) delete (own as Record<string, unknown>).learningRate;
  if (given.loss !== undefined) delete (own as Record<string, unknown>).labelSmoothing;
  const why = [
    say`Recipe ${recipe.name} for ${kindWords[kind]}: ${lowerFirst(recipe.doc)}`,
    ...settings.why,
    ...(given.epochs === undefined ? [epochs.why] : []),
    ...(few
      ? [say`Only ${train.count} training pictures: batches of a quarter, for more steps, at half the rate.`]
      : []),
    ...(Object.keys(said).some((name) => name in own && name !== 'recipe')
      ? [
          say`Otherwise than the recipe says, as you asked: ${Object.keys(said)
            .filter((name) => name in own)
            .join(', ')}.`,
        ]
      : []),
  ];
  return { choices: { ...own, ...said }, why };
}

/** Only what was trained mirrored answers alike for a picture and its mirror image. */
const mirrors = (augmentation: Augmentation): boolean =>
  completeAugmentation(augmentation).some(({ kind }) => kind.name === 'flip');

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** A network that the pictures are too small for is left to the usual choice. */
function modelOf({ model }: RecipeSettings, train: Dataset, { start }: RecipeChoices): Pick<RecipeChoices, 'model'> {
  // Weights bring the model that they are of.
  if (start) return {};
  const smallest = presetNamed(typeof model === 'string' ? model : 'airbench94').minimumSize;
  if (Math.min(train.height, train.width) < smallest) return {};
  const input = [train.height, train.width, train.channels];
  return { model: typeof model === 'string' ? model : model.draft(input, train.classNames.length) };
}

function epochsFor(
  { views, epochs: { fewest, most } }: RecipeSettings,
  { count }: Pick<Dataset, 'count'>,
): { count: number; why: string } {
  const epochs = Math.max(fewest, Math.min(most, Math.round(views / count)));
  const words = say`${epochs} epochs of ${count} training pictures`;
  const why =
    epochs === most && views / count > most
      ? say`${words}, since more of so few would be learnt by heart.`
      : epochs === fewest && views / count < fewest
        ? say`${words}, the fewest that the schedule needs.`
        : say`${words}, so that about ${Math.round(views / 1000)},000 views are learnt from.`;
  return { count: epochs, why };
}

/** Without mirroring where a mirrored class may be another thing, and no shift as large as the pictures. */
function augmentationFor(
  { augmentation }: RecipeSettings,
  train: Dataset,
  mayMirror: boolean,
): RecipeChoices['augmentation'] {
  const { steps } = augmentation === 'none' ? { steps: [] } : parseAugmentation(augmentation);
  const side = Math.min(train.height, train.width);
  const fitting = steps.filter(
    ({ type, padding }) => (mayMirror || type !== 'flip') && (type !== 'crop' || (padding as number) < side / 2),
  );
  return fitting.length > 0 && pictureSize(train) > 0 ? { version: 2, steps: fitting } : {};
}
