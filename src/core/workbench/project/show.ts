import { addedFile, addedPictures, readAddedLines } from '../../dataset/added.ts';
import { builtIns } from '../../dataset/builtin/index.ts';
import { fixesFile, readFixLines, standingFixes } from '../../dataset/fixes.ts';
import type { Adapters } from '../adapters.ts';
import { readSplit } from '../read-split.ts';
import { listRuns } from '../runs.ts';
import { readText } from '../storage.ts';
import { readProject } from './project.ts';

/** What a project holds by now. */
export interface ShownProject {
  readonly data: readonly {
    readonly name: string;
    readonly source: string | null;
    readonly there: boolean;
    /** How many stand. */
    readonly fixes: number;
    readonly added: number;
    /** The hash of the split, where there is one. */
    readonly split: string | undefined;
  }[];
  readonly runs: number;
}

/** @throws FoveaError when a file of it cannot be read. */
export async function showProject(adapters: Adapters, folder: string): Promise<ShownProject> {
  const { storage } = adapters;
  const project = await readProject(storage, folder);
  const textOf = async (file: string): Promise<string | undefined> =>
    (await storage.kind(file)) === 'file' ? readText(storage, file) : undefined;
  const data = await Promise.all(
    project.data.map(async ({ name, source, path, stem, split }) => {
      const [fixes, added] = [await textOf(fixesFile(stem)), await textOf(addedFile(stem))];
      return {
        name,
        source,
        there: path !== undefined && (builtIns.has(path) || (await storage.kind(path)) !== undefined),
        fixes: fixes === undefined ? 0 : standingFixes(readFixLines(fixes, fixesFile(stem))).length,
        added: added === undefined ? 0 : addedPictures(readAddedLines(added, addedFile(stem))).length,
        split: (await storage.kind(split)) === 'file' ? (await readSplit(storage, split)).hash : undefined,
      };
    }),
  );
  return { data, runs: (await listRuns(adapters, undefined, project.runs)).length };
}
