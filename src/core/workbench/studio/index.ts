import type { z } from 'zod';
import type { Verb } from './verb.ts';
import { augmentVerbs } from './verbs/augment.ts';
import { classifyVerbs } from './verbs/classify.ts';
import { courseVerbs } from './verbs/course.ts';
import { dataVerbs } from './verbs/data.ts';
import { doctorVerbs } from './verbs/doctor.ts';
import { explainVerbs } from './verbs/explain.ts';
import { fetchVerbs } from './verbs/fetch.ts';
import { jobVerbs } from './verbs/jobs.ts';
import { modelVerbs } from './verbs/models.ts';
import { moveVerbs } from './verbs/move.ts';
import { reportVerbs } from './verbs/report.ts';
import { runVerbs } from './verbs/runs.ts';
import { splitVerbs } from './verbs/split.ts';
import { stateVerbs } from './verbs/state.ts';
import { testVerbs } from './verbs/test.ts';
import { trainVerbs } from './verbs/train.ts';
import { uploadVerbs } from './verbs/upload.ts';

/** THE LIST of what the studio can be asked. Both hosts, the clients and the contract tests go through it. */
export const studioVerbs = {
  ...stateVerbs,
  ...dataVerbs,
  ...doctorVerbs,
  ...splitVerbs,
  ...augmentVerbs,
  ...uploadVerbs,
  ...fetchVerbs,
  ...modelVerbs,
  ...trainVerbs,
  ...jobVerbs,
  ...runVerbs,
  ...moveVerbs,
  ...testVerbs,
  ...reportVerbs,
  ...classifyVerbs,
  ...explainVerbs,
  ...courseVerbs,
} satisfies Readonly<Record<string, Verb>>;

export type VerbName = keyof typeof studioVerbs;
type VerbOf<Name extends VerbName> = (typeof studioVerbs)[Name];

/** What a verb is asked with; fields that have a default may be left out. */
export type RequestOf<Name extends VerbName> = z.input<VerbOf<Name>['request']>;

/** What a verb gives: a query at once, a job when it has finished (see `job.show`). */
export type ResultOf<Name extends VerbName> = Awaited<ReturnType<VerbOf<Name>['run']>>;

/** Names of the verbs that are jobs, and of all others. */
export type JobName = { [Name in VerbName]: VerbOf<Name>['kind'] extends 'job' ? Name : never }[VerbName];
export type QueryName = Exclude<VerbName, JobName>;
