import { z } from 'zod';
import { losses } from '../../../losses/index.ts';
import { optimizers } from '../../../optimizers/index.ts';
import { schedules } from '../../../schedules/index.ts';
import { defaultsOf, usualLearningRate } from '../../../train/defaults.ts';
import { forecastTraining } from '../../../train/forecast.ts';
import { overrideRecipe } from '../../../train/override-recipe.ts';
import { samplings } from '../../../train/recipe.ts';
import { forecastTime } from '../../forecast-time.ts';
import { openRunFolder } from '../../run-folder.ts';
import { withEngine } from '../../with-engine.ts';
import { createWorkbench } from '../../workbench.ts';
import { choicesSchema, foresee, trainRequestOf } from '../choices.ts';
import { gatedHost } from '../gated-adapters.ts';
import { emptyEngine } from '../inspect-model.ts';
import { nameOfRun } from '../places.ts';
import { job, query } from '../verb.ts';
import { runId } from './shapes.ts';

/** Minutes after which a long epoch is saved before its end: a studio is closed more lightly than a command is ended. */
const saveEvery = 1;

export const trainVerbs = {
  'train.options': query({
    doc: 'Optimizers, schedules, losses and ways of sampling, with the options of each. Forms come from it.',
    request: z.object({}),
    run: async () => ({
      optimizers: optimizers.map(({ name, doc, options }) => ({
        name,
        doc,
        options,
        usualLearningRate: usualLearningRate[name],
      })),
      schedules: schedules.map(({ name, doc, options }) => ({ name, doc, options })),
      losses: losses.map(({ name, doc, options }) => ({ name, doc, options })),
      samplings,
    }),
  }),

  'train.recipe': query({
    doc: 'The recipe that a training would have, why it was chosen so, and the memory that it takes.',
    request: choicesSchema,
    async run(context, choices, { signal }) {
      const { recipe, why, train, val } = await foresee(context, choices, signal);
      const engine = await emptyEngine(context.host);
      const channels = train.channels;
      const preprocessing = { mean: Array<number>(channels).fill(0), std: Array<number>(channels).fill(1) };
      const mode = choices.memory === 'low' ? 'low' : undefined;
      const memory = forecastTraining({ engine, recipe, train, val, preprocessing, mode });
      return {
        recipe,
        why,
        /** What the model takes when nobody chooses. */
        usual: defaultsOf(recipe.modelName),
        images: { train: train.count, val: val.count },
        stepsPerEpoch: Math.ceil(train.count / Math.min(recipe.batch, train.count)),
        memory,
        /** Bytes that this machine has for it, where that is known. */
        machineMemory: context.host.machineMemory,
      };
    },
  }),

  'train.forecast': job({
    doc: 'Runs a few training steps to tell how long a training would take.',
    needs: 'engine',
    request: choicesSchema,
    title: ({ data }) => `Forecast a training on ${data}`,
    check: async (context, { data }) => void (await context.locate(data)),
    async run(context, choices, { signal }) {
      const { recipe, train, val } = await foresee(context, choices, signal);
      const { optimizer, batch, algorithm } = recipe;
      const time = await withEngine(context.host, undefined, (engine) =>
        forecastTime(
          engine,
          recipe.model,
          { optimizer, batch: Math.min(batch, train.count), algorithm },
          { clock: context.host.clock, signal },
        ),
      );
      // A picture forward takes about a third of a picture in training.
      const epochSeconds = (train.count + val.count / 3) / time.picturesPerSecond;
      return { time, epochSeconds, seconds: epochSeconds * recipe.epochs, epochs: recipe.epochs };
    },
  }),

  'train.start': job({
    doc: 'Trains a model on data; what nobody chose is chosen from the pictures. The run is a folder that the command line reads.',
    needs: 'engine',
    pausable: true,
    request: choicesSchema,
    title: ({ data, model }) =>
      `Train ${typeof model === 'string' && model.length <= 40 ? model : 'a model'} on ${data}`,
    check: async (context, choices) => void (await trainRequestOf(context, choices)),
    async run(context, choices, { signal, emit, gate }) {
      const request = await trainRequestOf(context, choices);
      const { project } = await context.locate(choices.data);
      const workbench = createWorkbench(gatedHost(context.host, gate));
      const outcome = await workbench.train({ ...request, saveEvery, project }, { signal, onEvent: emit });
      return { ...outcome, run: nameOfRun(outcome.run) };
    },
  }),

  'train.like': job({
    doc: 'Trains as a run was trained, on the same pictures, but for some fields of its recipe: an experiment that a diagnosis proposes.',
    needs: 'engine',
    pausable: true,
    request: z.object({ run: runId, overrides: z.record(z.string().max(200), z.unknown()) }),
    title: ({ run }) => `Train another one like ${run}`,
    async check(context, { run, overrides }) {
      const { recipe } = await openRunFolder(context.host.storage, await context.runPath(run)).readDescription();
      overrideRecipe(recipe, overrides);
    },
    async run(context, { run, overrides }, { signal, emit, gate }) {
      const workbench = createWorkbench(gatedHost(context.host, gate));
      const like = await context.runPath(run);
      const request = { like, overrides, saveEvery, runs: context.places.runs };
      const outcome = await workbench.train(request, { signal, onEvent: emit });
      return { ...outcome, run: nameOfRun(outcome.run) };
    },
  }),

  'train.resume': job({
    doc: 'Goes on with a run that was interrupted, or makes a finished one longer.',
    needs: 'engine',
    pausable: true,
    request: z.object({ run: runId, epochs: z.int().min(1).max(100_000).optional() }),
    title: ({ run }) => `Train ${run} further`,
    check: async (context, { run }) => void (await context.runPath(run)),
    async run(context, { run, epochs }, { signal, emit, gate }) {
      const workbench = createWorkbench(gatedHost(context.host, gate));
      const resume = await context.runPath(run);
      const outcome = await workbench.train({ resume, epochs, saveEvery }, { signal, onEvent: emit });
      return { ...outcome, run: nameOfRun(outcome.run) };
    },
  }),
};
