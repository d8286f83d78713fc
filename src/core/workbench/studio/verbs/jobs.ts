import { z } from 'zod';
import { query } from '../verb.ts';

const jobId = z.string().max(60);

export const jobVerbs = {
  'job.list': query({
    doc: 'Jobs that work, wait or have ended since the studio began.',
    request: z.object({}),
    run: async ({ jobs }) => ({ jobs: jobs.list() }),
  }),
  'job.show': query({
    doc: 'How a job is, and what it gave when it has finished.',
    request: z.object({ job: jobId }),
    run: async ({ jobs }, { job }) => ({ job: jobs.show(job), result: jobs.resultOf(job) }),
  }),
  'job.events': query({
    doc: 'What a job told, from a number on.',
    request: z.object({ job: jobId, from: z.int().min(0).default(0), limit: z.int().min(1).max(5000).default(2000) }),
    run: async ({ jobs }, { job, from, limit }) => ({ job: jobs.show(job), events: jobs.events(job, from, limit) }),
  }),
  'job.cancel': query({
    doc: 'Ends a job; a training saves first and can be resumed.',
    request: z.object({ job: jobId }),
    run: async ({ jobs }, { job }) => ({ job: jobs.cancel(job) }),
  }),
  'job.pause': query({
    doc: 'Halts a job before its next step; everything stays in memory.',
    request: z.object({ job: jobId }),
    run: async ({ jobs }, { job }) => ({ job: jobs.pause(job) }),
  }),
  'job.resume': query({
    doc: 'Lets a halted job go on.',
    request: z.object({ job: jobId }),
    run: async ({ jobs }, { job }) => ({ job: jobs.resume(job) }),
  }),
  'job.step': query({
    doc: 'Lets a job do so many steps and halts it.',
    request: z.object({ job: jobId, steps: z.int().min(1).max(1_000_000).default(1) }),
    run: async ({ jobs }, { job, steps }) => ({ job: jobs.step(job, steps) }),
  }),
  'job.forget': query({
    doc: 'Takes a job that has ended off the list.',
    request: z.object({ job: jobId }),
    async run({ jobs }, { job }) {
      jobs.forget(job);
      return {};
    },
  }),
};
