import { z } from 'zod';
import { FoveaError } from '../../../errors.ts';
import { assess } from '../../../evaluate/evaluate.ts';
import { readLogits } from '../../../evaluate/logits.ts';
import { looksFile, readLooks } from '../../looks.ts';
import { openRunFolder } from '../../run-folder.ts';
import { type TestOutcome, testRun } from '../../test.ts';
import { readTest, testFiles } from '../../test-file.ts';
import { openRunData } from '../../training-data.ts';
import { withEngine } from '../../with-engine.ts';
import { gatedHost } from '../gated-adapters.ts';
import { predictionsOfPart, writePredictions } from '../predictions.ts';
import { type ShownTest, shownTest } from '../shown-test.ts';
import { job, query } from '../verb.ts';
import { dataId, partName, runId } from './shapes.ts';

export const testVerbs = {
  'test.run': job({
    doc: 'Tests a run on the test pictures; the look is counted. What it says of every picture is kept.',
    needs: 'engine',
    pausable: true,
    request: z.object({
      run: runId,
      resamples: z.int().min(0).max(20_000).optional(),
      /** Runs to be compared on the same pictures. */
      others: z.array(runId).max(7).optional(),
      /** Data with pictures of another kind, which the model should not be sure of. */
      foreign: dataId.optional(),
      /** Also on disturbed pictures: moved, turned, blurred, and so on. */
      robustness: z.boolean().optional(),
      /** A table (CSV, its text) with a row a picture, by whose columns accuracy is told. */
      slices: z.string().max(20_000_000).optional(),
    }),
    title: ({ run }) => `Test ${run}`,
    async check(context, { run, others = [], foreign }) {
      for (const one of [run, ...others]) await context.runPath(one);
      if (foreign !== undefined) await context.locate(foreign);
    },
    async run(context, request, { signal, emit, gate, id }): Promise<ShownTest> {
      const { run, resamples, others = [], foreign, robustness, slices } = request;
      const path = await context.runPath(run);
      const { storage } = context.host;
      const host = gatedHost(context.host, gate);
      const { data } = await openRunFolder(storage, path).readDescription();
      const known = await context.dataAt(data.source);
      const table = slices === undefined ? undefined : storage.join(context.places.incoming, `slices-${id}.csv`);
      if (table !== undefined && slices !== undefined) {
        await storage.makeFolder(context.places.incoming);
        await storage.write(table, slices);
      }
      const outcome: TestOutcome = await testRun(
        host,
        {
          run: path,
          resamples,
          others: await Promise.all(others.map(context.runPath)),
          foreign: foreign === undefined ? undefined : (await context.locate(foreign)).path,
          robustness,
          slices: table,
        },
        {
          signal,
          onEvent: emit,
          onAnswers: (answers, pictures) =>
            writePredictions(
              storage,
              path,
              { at: context.host.now(), data: known?.id ?? data.source, part: 'test' },
              answers,
              pictures,
              data.classNames,
            ),
        },
      ).finally(() => table !== undefined && storage.remove(table));
      return shownTest(outcome, path, foreign);
    },
  }),

  'test.show': query({
    doc: 'What the last test of a run gave, and how often its test pictures were looked at.',
    request: z.object({ run: runId }),
    async run(context, { run }) {
      const path = await context.runPath(run);
      const { storage } = context.host;
      const looks = await readLooks(storage, storage.join(path, looksFile));
      if ((await storage.kind(storage.join(path, testFiles.outcome))) !== 'file') return { test: undefined, looks };
      const test = await readTest(context.host, path);
      const foreign = test.foreign && (await context.dataAt(context.host.resolveData(test.foreign.data)))?.id;
      return { test: shownTest(test, path, foreign), looks };
    },
  }),

  'test.predict': job({
    doc: 'Asks a run what it says of every training or validation picture, and keeps it. Test pictures are asked by `test.run`.',
    needs: 'engine',
    pausable: true,
    request: z.object({ run: runId, part: z.enum(['train', 'val']) }),
    title: ({ run, part }) => `Ask ${run} about its ${part} pictures`,
    check: async (context, { run }) => void (await context.runPath(run)),
    async run(context, { run, part }, { signal, emit, gate }) {
      const path = await context.runPath(run);
      const host = gatedHost(context.host, gate);
      const folder = openRunFolder(host.storage, path);
      const description = await folder.readDescription();
      const classifier = await folder.readClassifier();
      const pictures = (await openRunData(host, description, path, { signal, onEvent: emit }))[part];
      const answers = await withEngine(host, undefined, (engine) =>
        readLogits(engine, classifier, pictures, {
          signal,
          onProgress: (done, images) => emit({ kind: 'validate', epoch: 0, done, images }),
        }),
      );
      const data = (await context.dataAt(description.data.source))?.id ?? description.data.source;
      await writePredictions(
        host.storage,
        path,
        { at: host.now(), data, part },
        answers,
        pictures,
        classifier.classNames,
      );
      return { run, part, ...assess(answers, classifier.classNames, { resamples: 0 }).evaluation };
    },
  }),

  'test.predictions': query({
    doc: 'What a run says of every picture of a part, as one block of probabilities.',
    request: z.object({ run: runId, part: partName }),
    async run(context, { run, part }) {
      const known = await predictionsOfPart(context.host.storage, await context.runPath(run), part);
      if (!known) {
        throw new FoveaError(
          `The run '${run}' was not asked about its ${part} pictures`,
          part === 'test' ? 'Test it first' : 'Ask it first',
        );
      }
      const { at, data, classNames, pictures } = known;
      const opened = await context.open(data).catch(() => undefined);
      const classes = classNames.length;
      const probabilities = new Float32Array(pictures.length * classes);
      for (const [i, one] of pictures.entries()) probabilities.set(one.probabilities, i * classes);
      return {
        at,
        data,
        classNames,
        /** Numbers of the pictures in `data`; -1 where they are there no more. */
        ids: Int32Array.from(pictures, ({ origin }) => opened?.idOf(origin) ?? -1),
        origins: pictures.map(({ origin }) => origin),
        labels: Int32Array.from(pictures, ({ label }) => label),
        /** [picture, class]. */
        probabilities,
      };
    },
  }),
};
