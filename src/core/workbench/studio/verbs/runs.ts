import { z } from 'zod';
import { mismatch } from '../../../errors.ts';
import { diagnoseRun } from '../../diagnose-run.ts';
import { looksFile, readLooks } from '../../looks.ts';
import { openRunFolder, runStatuses } from '../../run-folder.ts';
import { runMetrics } from '../../runs.ts';
import { createWorkbench } from '../../workbench.ts';
import { allRuns, readNotes, shownRun, writeNotes } from '../described-run.ts';
import { gatedHost } from '../gated-adapters.ts';
import { nameOfRun } from '../places.ts';
import { job, query } from '../verb.ts';
import { runId } from './shapes.ts';

export const runVerbs = {
  'run.list': query({
    doc: 'All runs, filtered and sorted; which of them are trained now, and which can go on.',
    request: z.object({
      data: z.string().max(300).optional(),
      model: z.string().max(300).optional(),
      status: z.enum(runStatuses).optional(),
      sort: z.enum(runMetrics).optional(),
      limit: z.int().min(1).max(10_000).optional(),
    }),
    async run(context, filter) {
      return { runs: await allRuns(context, filter) };
    },
  }),

  'run.show': query({
    doc: 'Everything about a run: its recipe and why, every epoch, the environment, looks at test pictures.',
    request: z.object({ run: runId }),
    async run(context, { run }) {
      const path = await context.runPath(run);
      const folder = openRunFolder(context.host.storage, path);
      const description = await folder.readDescription();
      return {
        ...(await shownRun(context, { run: path, description })),
        description,
        history: await folder.readHistory(),
        looks: await readLooks(context.host.storage, context.host.storage.join(path, looksFile)),
      };
    },
  }),

  'run.compare': job({
    doc: 'Lays runs beside each other and says whether their difference is more than chance.',
    needs: 'engine',
    request: z.object({ runs: z.array(runId).min(2).max(26) }),
    title: ({ runs }) => `Compare ${runs.length} runs`,
    check: async (context, { runs }) => void (await Promise.all(runs.map(context.runPath))),
    async run(context, { runs }, { signal, emit, gate }) {
      const paths = await Promise.all(runs.map(context.runPath));
      const workbench = createWorkbench(gatedHost(context.host, gate));
      const compared = await workbench.compareRuns({ runs: paths }, { signal, onEvent: emit });
      return { ...compared, runs: compared.runs.map((one) => ({ ...one, run: nameOfRun(one.run) })) };
    },
  }),

  'run.note': query({
    doc: 'Keeps what a person writes about a run, in a file of its folder.',
    request: z.object({ run: runId, text: z.string().max(100_000) }),
    async run(context, { run, text }) {
      const path = await context.runPath(run);
      await writeNotes(context, path, text);
      return { notes: await readNotes(context, path) };
    },
  }),

  'run.diagnose': query({
    doc: 'What the curves and layers of a training mean, with the numbers it follows from and what to try next.',
    request: z.object({ run: runId }),
    async run(context, { run }) {
      const { diagnosis, missing } = await diagnoseRun(context.host, { run: await context.runPath(run) });
      return { diagnosis, missing };
    },
  }),

  'run.delete': query({
    doc: 'Moves a run to the bin.',
    request: z.object({ run: runId }),
    async run(context, { run }) {
      const { host, places, jobs } = context;
      const path = await context.runPath(run);
      if (jobs.list().some((one) => one.run === run && one.ended === undefined)) {
        throw mismatch('a run that nobody trains', 'the run to delete', `'${run}'`, 'End its training first');
      }
      await host.storage.makeFolder(places.bin);
      await host.move(path, host.storage.join(places.bin, run));
      return { binned: await host.storage.list(places.bin) };
    },
  }),

  'run.bin': query({
    doc: 'Runs that were deleted and can be had back.',
    request: z.object({}),
    run: async ({ host, places }) => ({ binned: await host.storage.list(places.bin) }),
  }),

  'run.restore': query({
    doc: 'Takes a run back from the bin.',
    request: z.object({ run: runId }),
    async run({ host, places }, { run }) {
      const { storage } = host;
      const binned = await storage.list(places.bin);
      if (!binned.includes(run)) throw mismatch('a run in the bin', 'the run', `'${run}'`);
      await host.move(storage.join(places.bin, run), storage.join(places.runs, run));
      return { run };
    },
  }),
};
