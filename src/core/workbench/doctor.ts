import { type Part, parts } from '../dataset/dataset.ts';
import { examine } from '../dataset/doctor/index.ts';
import type { Survey } from '../dataset/facts.ts';
import type { Finding } from '../dataset/findings.ts';
import type { Adapters } from './adapters.ts';
import type { VerbOptions } from './verb.ts';

export interface ExamineRequest {
  /** A built-in set or a path. */
  readonly data: string;
  readonly seed?: number;
}

export interface Examination {
  /** As it was named. */
  readonly data: string;
  readonly name: string;
  readonly classNames: readonly string[];
  /** Pictures in all, those that cannot be read among them. */
  readonly pictures: number;
  readonly unreadable: number;
  readonly parts: Readonly<Partial<Record<Part, number>>>;
  /** The worst first. */
  readonly findings: readonly Finding[];
  readonly survey: Survey;
}

/** Decodes every picture once and tells what is wrong with the set, fixes applied. */
export async function examineData(
  adapters: Adapters,
  { data, seed }: ExamineRequest,
  { signal, onEvent }: VerbOptions = {},
): Promise<Examination> {
  const survey = await adapters.survey(data, {
    seed,
    signal,
    onProgress: ({ done, total }) => onEvent?.({ kind: 'reading', done, total }),
  });
  signal?.throwIfAborted();
  const { facts, name, classNames } = survey;
  const counts: Partial<Record<Part, number>> = {};
  for (const part of parts) {
    const count = facts.filter((fact) => fact.part === part).length;
    if (count > 0) counts[part] = count;
  }
  const unreadable = facts.filter(({ problem }) => problem !== undefined).length;
  const findings = examine(survey);
  return { data, name, classNames, pictures: facts.length, unreadable, parts: counts, findings, survey };
}
