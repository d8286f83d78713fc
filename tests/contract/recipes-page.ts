/** The page docs/recipes.md, from the lists and the command's options: nothing in it is typed twice. */
import { optimizerOption, recipeOption, recipeOptions } from '../../src/cli/commands/recipe-options.ts';
import { namedText, settingsLine } from '../../src/cli/commands/recipe-words.ts';
import type { Option, Options } from '../../src/core/layers/layer.ts';
import { describeOption } from '../../src/core/layers/options.ts';
import { losses } from '../../src/core/losses/index.ts';
import { optimizers } from '../../src/core/optimizers/index.ts';
import { schedules } from '../../src/core/schedules/index.ts';
import { averages } from '../../src/core/train/averages.ts';
import { dataKinds, kindWords, namedRecipes } from '../../src/core/train/recipes/index.ts';

interface Entry {
  readonly name: string;
  readonly doc: string;
  readonly options: Options;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
const defaultOf = ({ default: value, optional }: Option): string =>
  value === undefined ? (optional ? 'left out' : 'must be given') : `\`${value}\``;

const entryText = ({ name, doc, options }: Entry): string =>
  [
    `### ${name}`,
    '',
    cell(doc),
    ...(Object.keys(options).length > 0
      ? [
          '',
          '| option | takes | default | |',
          '|---|---|---|---|',
          ...Object.entries(options).map(
            ([option, value]) =>
              `| \`${option}\` | ${cell(describeOption(value))} | ${defaultOf(value)} | ${cell(value.doc)} |`,
          ),
        ]
      : []),
  ].join('\n');

const listText = (list: readonly Entry[]): string => list.map(entryText).join('\n\n');

export function recipesPage(): string {
  const named = namedRecipes.flatMap(({ name, doc, settings }) => [
    `### ${name}`,
    '',
    doc,
    '',
    ...dataKinds.flatMap((kind) => {
      const { optimizer, why, measured } = settings[kind];
      return [
        `**${kindWords[kind]}**: ${settingsLine(settings[kind])} Optimizer in full: \`${namedText(optimizer)}\`.`,
        '',
        why.join(' '),
        '',
        measured === undefined ? '*Not measured.*' : `*Measured: ${measured}*`,
        '',
      ];
    }),
  ]);
  const flags = [recipeOption, optimizerOption, ...recipeOptions].map(
    ({ flags: flag, doc }) => `| \`${flag}\` | ${cell(doc)} |`,
  );
  return `# Recipes

A recipe is everything that decides a training's result but the pictures. It stands in a run's \`run.json\`, complete: what a default was is written out, so that a run can be repeated when defaults change. This page is made from the lists in the code (\`tests/contract/recipes-page.test.ts\` keeps it true).

What is not said is chosen from the pictures, and told with its reason. Biases and norms never decay, whatever the weight decay; weights do.

    fovea train DATA --recipe standard                        complete settings by name
    fovea recipe show standard DATA                           what that would be, and why; nothing is trained
    fovea train DATA --optimizer sgd:0.9:nesterov --lr 0.1 --schedule oneCycle
    fovea train DATA --schedule step:size=3ep:factor=0.3 --warmup 0.05 --clip-norm 1 --average ema:0.999
    fovea train DATA --set 'optimizer.eps=1e-6'               any field by its dotted name
    fovea sweep DATA --recipe quick --grid 'lr=0.1,0.2;average=none,ema'

## On the command line

| option of \`fovea train\`, \`sweep\`, \`recipe show\` | |
|---|---|
${flags.join('\n')}

Further: \`--epochs\`, \`--batch\`, \`--lr\`, \`--weight-decay\`, \`--micro-batch\` (gradients of parts of a batch are added up for one update), \`--class-weights\`, \`--sampling\`, \`--augment\` (mixup and cutmix among them, see [data](data.md)), and those of [transfer](transfer.md). Stochastic depth is a layer of a model (\`stochasticDepth\`, see [models](models-spec.md)); so is dropout, for which there is also \`--dropout\`.

A name takes options behind colons: in the order below (\`sgd:0.9\`), by name (\`sgd:nesterov=true\`), flags by name alone (\`sgd:nesterov\`), lists with slashes (\`multiStep:milestones=100/200\`). Schedules count steps; \`ep\` behind a whole number makes epochs of them.

## Named recipes

${named.join('\n')}
## Optimizers

${listText(optimizers)}

With \`muon\` hidden convolutions and linear layers go by Muon; biases, norms, depthwise filters, the first layer and the head by \`others\`.

## Schedules

Each may begin with a linear warm-up (\`--warmup\`, \`schedule.warmupSteps\`).

${listText(schedules)}

## Averages of weights

What is averaged is validated and becomes \`best.safetensors\` and \`last.safetensors\`; the training itself goes on with the weights as they are, and is the same to the bit. The state holds both, so a run that is killed goes on to the same bits.

${listText(averages)}

## Clipping

\`clip.value\` brings each element of a gradient into ±value, \`clip.norm\` scales all gradients so that their common L2 norm is at most that; with both, elements come first. With \`--micro-batch\` the sum over a batch is clipped.

## Loss

${listText(losses)}
`;
}
