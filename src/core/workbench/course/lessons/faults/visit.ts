import type { CourseHost } from '../../lesson.ts';
import type { Attempt } from '../../score.ts';
import { faultNamed, type Patient, setupOf } from './faults.ts';
import { healthyRun, isSameRun, type LabRun, runSetup } from './run-setup.ts';

/** A patient, trained anew after the mend for the fault that a learner named, or as it is. */
export interface Visit<Named extends string | undefined = string> {
  readonly patient: Patient;
  readonly run: LabRun;
  /** It is a run without fault, bit for bit. */
  readonly well: boolean;
  /** None where no fault was named. */
  readonly attempt: Named extends string ? Attempt : Attempt | undefined;
}

/** @throws as `train`. */
export async function visit<Named extends string | undefined>(
  host: CourseHost,
  patient: Patient,
  named: Named,
): Promise<Visit<Named>> {
  const run = await runSetup(host, setupOf(patient, named), `patient ${patient}`);
  const well = isSameRun(run, await healthyRun(host));
  const attempt: Attempt | undefined =
    named === undefined ? undefined : { item: patient, named, mended: faultNamed(named).mend, proved: well };
  return { patient, run, well, attempt: attempt as Visit<Named>['attempt'] };
}
