import { dirname, join } from 'node:path';
import type { Lesson } from '../core/workbench/course/lesson.ts';
import { fileStorage } from '../node/storage.ts';
import { type CommandContext, type Outcome, UsageError } from './command.ts';
import { courseHost } from './course-host.ts';
import { bytes } from './terminal/numbers.ts';
import { harmless } from './terminal/terminal.ts';

/**
 * Writes the teacher's pages. @param place `FILE.html` for one page, else a folder; folders are made where there are none.
 * @throws FoveaError, before it computes for half a minute, for a place that cannot be written.
 */
export async function writeTeacherPages(
  context: CommandContext,
  place: string,
  all: readonly Lesson[],
  chosen: readonly Lesson[],
): Promise<Outcome> {
  const { terminal } = context;
  if (place === '') throw new UsageError("Expected FILE.html or a folder for --teacher but received ''");
  const isPage = /\.html?$/i.test(place) && (await fileStorage.kind(place)) !== 'folder';
  const into = isPage ? dirname(place) : place;
  await fileStorage.makeFolder(into);
  await fileStorage.checkWritable(into);
  const { makeTeacherPages } = await import('../core/workbench/course/teacher/pages.ts');
  const host = courseHost(context);
  const { whole, folder, expected } = await makeTeacherPages(host, all, chosen).finally(() => host.clear());
  const pages = isPage
    ? [{ file: place, html: whole }]
    : folder.map(({ name, html }) => ({ file: join(place, name), html }));
  for (const { file, html } of pages) {
    await fileStorage.write(file, html);
    terminal.out(`Written: ${harmless(file)} (${bytes(new TextEncoder().encode(html).length)})`);
  }
  return {
    json: {
      files: pages.map(({ file }) => file),
      lessons: expected.map(({ lesson, findings }) => ({
        lesson: lesson.number,
        id: lesson.id,
        experiments: findings.map(({ experiment, hash }) => ({ id: experiment.id, hash })),
      })),
    },
  };
}
