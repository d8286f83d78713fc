import { z } from 'zod';
import { invalid } from '../errors.ts';
import { readKept, writeKept } from './kept-lines.ts';

const decision = {
  /** SHA-256 of the file's bytes: what the picture is known by, whatever its name. */
  hash: z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits'),
  /** Where it lay in the pool. */
  file: z.string(),
  /** `machine`: nobody looked at it. */
  by: z.enum(['person', 'machine']),
  /** What was suggested, and by which run. */
  suggested: z.object({ class: z.string(), probability: z.number() }).optional(),
  run: z.string().optional(),
  /** Lines of one number were decided at once, and an undo takes them back at once. */
  batch: z.int().optional(),
  at: z.string(),
};

const lineSchema = z.discriminatedUnion('label', [
  z.object({ label: z.literal('class'), class: z.string().min(1), ...decision }),
  z.object({ label: z.literal('exclude'), ...decision }),
  z.object({ label: z.literal('undo'), at: z.string() }),
]);

/** A line of a file of labels. */
export type LabelLine = z.infer<typeof lineSchema>;
/** What was decided about one picture of a pool. */
export type LabelDecision = Exclude<LabelLine, { label: 'undo' }>;

/** Where the labels of a pool lie: beside it, never in it. */
export const labelsFile = (pool: string): string => `${pool}${labelsEnding}`;
export const labelsEnding = '.labels.jsonl';

const head = { format: 'fovea-labels', version: 1 };

/** @throws FoveaError naming the line. */
export const readLabelLines = (text: string, name: string): LabelLine[] =>
  readKept(text, name, head, 'fovea label', (value, subject) => {
    const result = lineSchema.safeParse(value);
    if (result.success) return result.data;
    const [{ path, message }] = result.error.issues;
    throw invalid(`a label as fovea label writes it (${path.join('.')}: ${message})`, subject, value);
  });

export const writeLabelLines = (lines: readonly LabelLine[]): string => writeKept(head, lines);

/** What stands, oldest first: each undo takes back the last decision before it, with all that were made at once. */
export function standingDecisions(lines: readonly LabelLine[]): LabelDecision[] {
  const standing: LabelDecision[] = [];
  for (const line of lines) {
    if (line.label !== 'undo') standing.push(line);
    else takeLast(standing);
  }
  return standing;
}

/** Takes the last decision off, and those that were made with it. @returns them, oldest first. */
export function takeLast(standing: LabelDecision[]): LabelDecision[] {
  const last = standing.pop();
  if (!last) return [];
  const taken = [last];
  while (last.batch !== undefined && standing.at(-1)?.batch === last.batch) taken.unshift(standing.pop()!);
  return taken;
}

/** The last word about each picture, by its hash. */
export const labelsByHash = (lines: readonly LabelLine[]): Map<string, LabelDecision> =>
  new Map(standingDecisions(lines).map((one) => [one.hash, one]));
