import { useAnswer } from '../client/use-client.tsx';
import { useBench } from './bench.tsx';

/** The trained run that lies on the bench, else the newest one; undefined where nothing is trained yet. */
export function useCurrentRun(): string | undefined {
  const { bench } = useBench();
  const trained = useAnswer('run.list', {}).value?.runs.filter(({ best }) => best !== undefined) ?? [];
  return trained.some(({ run }) => run === bench.run) ? bench.run : trained[0]?.run;
}
