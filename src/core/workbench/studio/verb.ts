import type { z } from 'zod';
import type { StudioContext } from './context.ts';
import type { JobControl } from './job-control.ts';

/** What a verb is asked with: any JSON, and typed arrays wherever its schema says so. */
type Schema = z.ZodType;

interface VerbBase<Request extends Schema> {
  /** One sentence: what it tells or does. */
  readonly doc: string;
  readonly request: Request;
}

/** Answers at once, and may be asked again and again. */
export interface Query<Request extends Schema = Schema, Result = unknown> extends VerbBase<Request> {
  readonly kind: 'query';
  run(context: StudioContext, request: z.output<Request>, call: { readonly signal: AbortSignal }): Promise<Result>;
}

/** Takes its time: has an id, events, progress, and goes on when nobody looks. */
export interface JobVerb<Request extends Schema = Schema, Result = unknown> extends VerbBase<Request> {
  readonly kind: 'job';
  /** 'engine': computes with all threads, so that one such job runs at a time and the others wait; 'none': beside it. */
  readonly needs: 'engine' | 'none';
  /** True where it can be halted between two steps and go on. */
  readonly pausable?: boolean;
  /** What it is about, for lists: `Train mnist-cnn on digits`. */
  title(request: z.output<Request>): string;
  /** Checked before it is taken on, so that a mistake is told to who asks. @throws FoveaError. */
  check?(context: StudioContext, request: z.output<Request>): Promise<void>;
  run(context: StudioContext, request: z.output<Request>, job: JobControl): Promise<Result>;
}

export type Verb = Query | JobVerb;

/** Keeps the types that TypeScript infers. */
export const query = <Request extends Schema, Result>(
  verb: Omit<Query<Request, Result>, 'kind'>,
): Query<Request, Result> => ({ kind: 'query', ...verb });

export const job = <Request extends Schema, Result>(
  verb: Omit<JobVerb<Request, Result>, 'kind'>,
): JobVerb<Request, Result> => ({ kind: 'job', ...verb });
