import { z } from 'zod';
import { FoveaError } from '../../../errors.ts';
import { summarize } from '../../../model/summary.ts';
import { openRunFolder } from '../../run-folder.ts';
import { specOf } from '../../show-model.ts';
import { foveaVersion } from '../../version.ts';
import { shownRun } from '../described-run.ts';
import { givenModel } from '../given-model.ts';
import { uploadLimits } from '../uploads.ts';
import { query } from '../verb.ts';
import { dataId, modelText, runId } from './shapes.ts';
import { testVerbs } from './test.ts';

/** `other-data`: it was trained on others than those that lie on the bench. */
export type Staleness = 'other-data';

export const stateVerbs = {
  'studio.about': query({
    doc: 'Where the studio runs, with what, and within which limits.',
    request: z.object({}),
    run: async ({ host, places }) => ({
      version: foveaVersion,
      place: host.place,
      threads: host.threads,
      cautions: host.cautions,
      home: host.storage.absolute(places.home),
      limits: uploadLimits,
      environment: host.environment,
    }),
  }),

  'studio.state': query({
    doc: 'The thread data, model, training, testing, classifying: how each is, for the words in small type.',
    request: z.object({ data: dataId.optional(), model: modelText.optional(), run: runId.optional() }),
    async run(context, { data, model, run }, { signal }) {
      const problem = (error: unknown): { problem: string } => {
        if (error instanceof FoveaError) return { problem: error.message };
        throw error;
      };
      const dataState = async () => {
        if (data === undefined) return undefined;
        const opened = await context.open(data, signal);
        const { gallery, findings, version } = opened;
        const errors = findings?.filter(({ severity }) => severity === 'error').length;
        return {
          name: gallery.name,
          images: gallery.pictures.length,
          classes: gallery.classNames.length,
          findings: findings?.length,
          errors,
          version,
        };
      };
      const modelState = async () => {
        if (model === undefined) return undefined;
        const found = await givenModel(context, model);
        const spec = specOf(found, {});
        return { name: found.name, parameters: summarize(spec).parameters, layers: spec.layers.length };
      };
      const runState = async () => {
        if (run === undefined) return undefined;
        const path = await context.runPath(run);
        const description = await openRunFolder(context.host.storage, path).readDescription();
        const stale: Staleness[] = [];
        const known = await context.dataAt(description.data.source);
        if (data !== undefined && known?.id !== data) stale.push('other-data');
        // A test that cannot be read, of an older Fovea or damaged, says nothing about the run itself.
        const shown = await testVerbs['test.show'].run(context, { run }, { signal }).catch(problem);
        const test = 'problem' in shown ? undefined : shown.test;
        return {
          run: await shownRun(context, { run: path, description }),
          /** Why it no longer says anything about what stands before it. */
          stale,
          /** Why what the last test gave cannot be told, where it cannot. */
          testProblem: 'problem' in shown ? shown.problem : undefined,
          test: test && {
            accuracy: test.accuracy,
            interval: test.interval,
            images: test.images,
            looks: test.look.number,
          },
        };
      };
      const [dataNow, modelNow, runNow] = await Promise.all([
        dataState().catch(problem),
        modelState().catch(problem),
        runState().catch(problem),
      ]);
      /** Trainings that a closed page, a killed process or a dead battery ended: offer to go on. */
      const interrupted = await context.interrupted();
      const jobs = context.jobs.list().filter(({ ended }) => ended === undefined);
      return { data: dataNow, model: modelNow, run: runNow, jobs, interrupted };
    },
  }),
};
