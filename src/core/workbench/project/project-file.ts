import { z } from 'zod';
import { FoveaError } from '../../errors.ts';
import { quotePath } from '../../formats/quote.ts';
import { safeName } from '../../formats/safe-name.ts';
import { parseJson } from '../../train/check.ts';

/** The file that makes a folder a project. */
export const projectFile = 'project.json';

const dataSchema = z.object({
  /** What the files about these data begin with: a name that every system takes. */
  name: z
    .string()
    .max(100)
    .refine((name) => name === safeName(name), 'a name that every system takes'),
  /**
   * A built-in set, a path from the project's folder on (`./data/a`, `../photos`, with slashes), or an absolute path where
   * no such way leads there. Null: the data are not there, as after an export without them.
   */
  source: z.string().min(1).nullable(),
});

const projectSchema = z.object({
  format: z.literal('fovea-project'),
  version: z.literal(1),
  /** The version of Fovea that began it. */
  fovea: z.string(),
  name: z.string().min(1).max(200),
  created: z.string(),
  data: z.array(dataSchema).max(1000),
});

export type ProjectEntry = z.infer<typeof dataSchema>;
/** `project.json`. See docs/project.md. */
export type ProjectDescription = z.infer<typeof projectSchema>;

/** Many times what a project takes. */
const longest = 2 ** 22;

/** Whether a file called project.json is one of Fovea's: other programs have such files too. */
export const isProjectText = (text: string): boolean => text.length <= longest && text.includes('"fovea-project"');

/** @throws FoveaError when it is none, or of a newer version. */
export function parseProject(text: string, file: string): ProjectDescription {
  const newer = /"version"\s*:\s*(\d+)/.exec(text);
  if (isProjectText(text) && newer && Number(newer[1]) > 1) {
    throw new FoveaError(
      `Expected a project of version 1 for ${quotePath(file)} but received version ${newer[1]}`,
      'It was written by a newer Fovea: update this one',
    );
  }
  const description = parseJson(projectSchema, text, `file ${quotePath(file)}`);
  const names = description.data.map(({ name }) => name.toLowerCase());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new FoveaError(`Data ${quotePath(twice)} stand twice in ${quotePath(file)}`, 'Rename one');
  return description;
}

export const formatProject = (description: ProjectDescription): string => `${JSON.stringify(description, null, 2)}\n`;
