import type { TestOutcome } from '../../core/workbench/test.ts';
import { testFiles } from '../../core/workbench/test-file.ts';
import { nodeAdapters } from '../../node/adapters.ts';
import { testPage } from '../../report/test-page.ts';
import type { CommandContext, CommandDefinition } from '../command.ts';
import { bytes } from '../terminal/numbers.ts';
import { harmless } from '../terminal/terminal.ts';
import { countProgress, projectOf, projectOption, seedOption } from './shared.ts';

export const report: CommandDefinition = {
  name: 'report',
  group: 'testing',
  doc: "Writes the page about a run's last test again: figures, mistakes, curves, recipe. No test picture is looked at anew.",
  arguments: [{ name: '<run>', doc: 'the folder of a run that was tested' }],
  options: [
    { flags: '--html <file>', doc: "where to (default: report.html in the run's folder)" },
    { flags: '--doctor', doc: 'also look at all pictures of the data and tell what is wrong with them' },
    projectOption,
    seedOption,
  ],
  examples: [
    ['fovea report runs/photos-vgg6-bn-1', 'writes runs/photos-vgg6-bn-1/report.html'],
    ['fovea report runs/photos-vgg6-bn-1 --doctor --html photos.html', 'with what the doctor finds'],
  ],

  async run(context, [run], { html, doctor, project }) {
    const request = {
      run: run as string,
      doctor: doctor === true,
      project: await projectOf(context, project),
    };
    const written = await writeReport(context, request, html as string | undefined);
    context.terminal.out(`The page: ${harmless(written.file)} (${bytes(written.bytes)})`);
    return { json: written };
  },
};

/** Writes the page about a test. @param html the file; default the one in the run's folder. */
export async function writeReport(
  context: CommandContext,
  request: { readonly run: string; readonly test?: TestOutcome; readonly doctor?: boolean; readonly project?: string },
  html?: string,
): Promise<{ file: string; bytes: number }> {
  const { workbench, signal } = context;
  const reading = countProgress(context, 'Looking at pictures');
  const content = await workbench
    .gatherReport(request, {
      signal,
      onEvent: (event) => event.kind === 'reading' && reading.show(event.done, event.total),
    })
    .finally(() => reading.clear());
  const page = await testPage(content, { windows: process.platform === 'win32' });
  const { storage } = nodeAdapters;
  const file = html ?? storage.join(content.test.run, testFiles.report);
  await storage.write(file, page);
  return { file, bytes: new TextEncoder().encode(page).length };
}
