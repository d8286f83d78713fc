import { safePath } from '../../formats/archive.ts';
import { isPortable } from '../../formats/safe-name.ts';
import { looksFile } from '../looks.ts';
import { runFiles } from '../run-folder.ts';
import { sweepFile } from '../sweep-file.ts';
import { projectFile } from './project-file.ts';

const { lock: _, ...keptFiles } = runFiles;
const runNames: ReadonlySet<string> = new Set([...Object.values(keptFiles), looksFile]);
const decisions = /^(.+)\.(fixes\.jsonl|added\.jsonl|split\.json)$/;

/**
 * Whether a project may hold a file of this path: the one list for what is written into an export and what is taken out
 * of it. @returns why not, as the end of a sentence; undefined where it may.
 */
export function projectPlaces(path: string): string | undefined {
  const safe = safePath(path);
  if ('reason' in safe) return safe.reason;
  if (safe.path !== path) return 'a path written in another way than Fovea does';
  const steps = path.split('/');
  if (!steps.every(isPortable)) return 'a name that not every system takes';
  const [first, second, third, fourth] = steps;
  if (steps.length === 1 && (first === projectFile || decisions.test(first))) return undefined;
  if (first === 'runs') {
    const known = (steps.length === 2 && second === looksFile) || (steps.length === 3 && runNames.has(third));
    return known ? undefined : 'no file of a run';
  }
  if (first === 'sweeps') {
    const own = steps.length === 3 && (third === sweepFile || third === looksFile);
    const known = own || (steps.length === 4 && runNames.has(fourth));
    return known ? undefined : 'no file of a sweep';
  }
  if ((first === 'data' || first === 'pools') && steps.length >= 3) {
    // Opened by itself, such a file would speak for places outside.
    const own = steps.some((step) => step.toLowerCase() === projectFile || /\.added\.jsonl$/i.test(step));
    return own ? 'a file that Fovea would take for its own' : undefined;
  }
  return 'no file of a project';
}

/** Runs among the files of a project, those of sweeps with them. */
export const countRuns = (paths: readonly string[]): number =>
  paths.filter((path) => /^(runs|sweeps\/[^/]+)\/[^/]+\/run\.json$/.test(path)).length;
