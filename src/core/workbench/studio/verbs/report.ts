import { z } from 'zod';
import { mismatch } from '../../../errors.ts';
import { gatherReport } from '../../report.ts';
import { openRunFolder } from '../../run-folder.ts';
import { readText } from '../../storage.ts';
import { readTest, testFiles } from '../../test-file.ts';
import { dataInCommands, runInCommands } from '../places.ts';
import { shownTest } from '../shown-test.ts';
import { job, query } from '../verb.ts';
import { runId } from './shapes.ts';

export const reportVerbs = {
  'report.make': job({
    doc: 'Makes the page about the last test of a run, one file that holds all that it shows, and keeps it beside the run. No test picture is looked at anew.',
    needs: 'none',
    request: z.object({ run: runId }),
    title: ({ run }) => `Report of ${run}`,
    // That it was never tested is told to who asks.
    check: async (context, { run }) => void (await readTest(context.host, await context.runPath(run), run)),
    async run(context, { run }, { signal, emit }) {
      const { host } = context;
      const path = await context.runPath(run);
      const test = await readTest(host, path, run);
      const { data } = await openRunFolder(host.storage, path).readDescription();
      const place = await context.dataAt(data.source);
      const called = { run: runInCommands(run), data: place ? dataInCommands(place) : data.name };
      const content = await gatherReport(host, { run: path, test, called }, { signal, onEvent: emit });
      // Runs by what the protocol calls them; what the doctor found is there if it looked.
      const { others, robustness, foreign } = shownTest(test, path, test.foreign?.name);
      const html = await host.drawReport({
        ...content,
        test: { ...content.test, others, robustness, foreign },
        findings: place && (await context.open(place.id, signal).catch(() => undefined))?.findings,
      });
      await host.storage.write(host.storage.join(path, testFiles.report), html);
      return { run, characters: html.length };
    },
  }),

  'report.take': query({
    doc: 'The page that `report.make` or the command line made last of a run: HTML that needs nothing else.',
    request: z.object({ run: runId }),
    async run({ host: { storage }, runPath }, { run }) {
      const file = storage.join(await runPath(run), testFiles.report);
      if ((await storage.kind(file)) !== 'file') {
        throw mismatch('a run with a report', 'the run', `'${run}'`, 'Make its report first');
      }
      return { name: `${run}-report.html`, html: await readText(storage, file) };
    },
  }),
};
