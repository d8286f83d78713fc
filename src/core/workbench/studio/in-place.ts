import { createWorkbench, type Workbench } from '../workbench.ts';
import type { StudioContext } from './context.ts';
import { gatedHost } from './gated-adapters.ts';
import type { JobControl } from './job-control.ts';
import type { LocatedData } from './places.ts';

/**
 * What a verb of the workbench is called with for data: their project where they are of one, else their path. With a job,
 * its engines wait at the job's gate.
 */
export function inPlace(
  { host, workbench }: StudioContext,
  { path, project, name }: LocatedData,
  job?: JobControl,
): { readonly workbench: Workbench; readonly where: { readonly data: string; readonly project?: string } } {
  return {
    workbench: job ? createWorkbench(gatedHost(host, job.gate)) : workbench,
    where: project === undefined ? { data: path } : { data: name, project },
  };
}
