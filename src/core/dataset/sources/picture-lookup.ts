import { type Entry, type Folder, filesBelow, looksLikePicture } from './tree.ts';

/** Finds pictures by what lists call them. */
export interface PictureLookup {
  readonly count: number;
  /**
   * The picture that a listed path means: below the list's folder, below the root, or by the end of the path where only
   * one picture has it (lists often carry the paths of the machine they were made on, or bare names, or no ending).
   * @param folder path of the list's folder.
   */
  find(listed: string, folder: string): Entry | undefined;
}

export async function createLookup(root: Folder): Promise<PictureLookup> {
  const byPath = new Map<string, Entry>();
  /** Last part of the path, with and without its ending; null where several have it. */
  const byName = new Map<string, Entry | null>();
  const note = (name: string, entry: Entry): void => {
    byName.set(name, byName.has(name) && byName.get(name) !== entry ? null : entry);
  };
  for (const entry of filesBelow(root)) {
    if (!(await looksLikePicture(entry))) continue;
    byPath.set(entry.path, entry);
    note(entry.name, entry);
    note(entry.name.replace(/\.[^.]*$/, ''), entry);
  }
  return {
    count: byPath.size,
    find(listed, folder) {
      if (listed === '' || listed.length > 4096) return undefined;
      const exact = byPath.get(folder ? `${folder}/${listed}` : listed) ?? byPath.get(listed);
      if (exact) return exact;
      const steps = listed.split(/[\\/]/).filter((step) => step !== '' && step !== '.');
      // A path that leads out of the data is never followed, not even to a picture of the same name within.
      if (steps.length === 0 || steps.length > 100 || steps.includes('..')) return undefined;
      for (let from = 0; from < steps.length; from++) {
        const end = steps.slice(from).join('/');
        const found = byPath.get(folder ? `${folder}/${end}` : end) ?? byPath.get(end);
        if (found) return found;
      }
      const last = byName.get(steps[steps.length - 1]);
      if (!last) return undefined;
      // Of a path with folders the folder must agree too, or `cat/1.jpg` would mean the only `1.jpg`, a dog.
      const above = last.path.split('/').slice(-2, -1)[0];
      return steps.length === 1 || above === undefined || above === steps[steps.length - 2] ? last : undefined;
    },
  };
}
