import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lesson } from '../core/workbench/course/lesson.ts';
import { fileError } from '../node/storage.ts';
import type { CommandContext, Outcome } from './command.ts';
import { courseHost } from './course-host.ts';
import { bytes } from './terminal/numbers.ts';
import { harmless } from './terminal/terminal.ts';

/** Writes the teacher's pages. @param place `FILE.html` for one page, else a folder, which is made where there is none. */
export async function writeTeacherPages(
  context: CommandContext,
  place: string,
  all: readonly Lesson[],
  chosen: readonly Lesson[],
): Promise<Outcome> {
  const { terminal } = context;
  const isFile = /\.html?$/i.test(place);
  // Told before it computes for half a minute.
  if (!isFile) {
    await mkdir(place, { recursive: true }).catch((error) => {
      throw fileError('write', place, error);
    });
  }
  const { makeTeacherPages } = await import('../core/workbench/course/teacher/pages.ts');
  const host = courseHost(context);
  const { whole, folder, expected } = await makeTeacherPages(host, all, chosen).finally(() => host.clear());
  const pages = isFile
    ? [{ file: place, html: whole }]
    : folder.map(({ name, html }) => ({ file: join(place, name), html }));
  for (const { file, html } of pages) {
    await writeFile(file, html).catch((error) => {
      throw fileError('write', file, error);
    });
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
