import { useBench } from '../bench/bench.tsx';
import { isOver, useAnswer, useJobs } from '../client/use-client.tsx';
import type { ThreadView } from '../route/route.ts';
import { useWords } from '../words/use-words.tsx';
import type { StepState } from './thread.tsx';

/** What each step of the thread says about itself, from what lies on the bench. */
export function useStates(): Readonly<Record<ThreadView, StepState>> {
  const { t, n, numbers } = useWords();
  const { bench } = useBench();
  const jobs = useJobs();
  const newest = useAnswer('run.list', {}).value?.runs.find(({ best }) => best !== undefined)?.run;
  const current = bench.run ?? newest;
  const { value } = useAnswer('studio.state', {
    data: bench.data,
    ...(bench.model === undefined ? {} : { model: bench.model as string | Record<string, unknown> }),
    ...(current === undefined ? {} : { run: current }),
  });
  const training = jobs.findLast((job) => (job.verb === 'train.start' || job.verb === 'train.resume') && !isOver(job));
  const { data, model, run } = value ?? {};
  const runState = run && 'run' in run ? run : undefined;
  const none = { text: t('step.none'), short: t('step.none') };

  const dataState = (): StepState => {
    if (!data) return none;
    if ('problem' in data) return { text: data.problem, short: t('step.problem'), stale: true };
    const errors = data.errors ? ` · ${n('step.errors', data.errors)}` : '';
    return {
      text: `${t('data.summary', { images: numbers.count(data.images), classes: numbers.count(data.classes) })}${errors}`,
      short: numbers.short(data.images),
    };
  };
  const modelState = (): StepState => {
    if (bench.model === undefined) return { text: t('step.model.chosen'), short: t('step.auto') };
    if (!model) return none;
    if ('problem' in model) return { text: t('step.model.wrong'), short: t('step.problem'), stale: true };
    return {
      text: t('step.model', { name: model.name, parameters: numbers.short(model.parameters) }),
      short: model.name,
    };
  };
  const trainState = (): StepState => {
    if (training) {
      const { progress } = training;
      const share = progress?.total ? numbers.percent(progress.done / progress.total, 0) : '';
      if (training.state === 'paused') return { text: `${t('state.paused')} ${share}`, short: t('state.paused') };
      if (progress?.unit !== 'steps') return { text: t('train.preparing'), short: '…' };
      const left =
        progress?.secondsLeft === undefined
          ? ''
          : ` · ${t('progress.left', { time: numbers.duration(progress.secondsLeft) })}`;
      return { text: `${t('step.training', { share })}${left}`, short: share || '…' };
    }
    if (!runState) return { text: t('step.train.none'), short: t('step.none') };
    const { best, epochsDone, epochs } = runState.run;
    const [stale] = runState.stale;
    if (stale !== undefined) return { text: t(`stale.${stale}`), short: t('step.stale'), stale: true };
    const epoch = t('train.epochOf', { epoch: numbers.count(epochsDone ?? 0), epochs: numbers.count(epochs ?? 0) });
    return {
      text: best ? `${epoch} · ${t('step.valLoss', { loss: numbers.loss(best.valLoss) })}` : epoch,
      short: `${epochsDone}/${epochs}`,
    };
  };
  const testState = (): StepState => {
    const test = runState?.test;
    if (runState?.testProblem) return { text: runState.testProblem, short: t('step.none') };
    if (!test) return { text: runState ? t('step.test.not') : t('step.test.none'), short: t('step.none') };
    const text = t('step.test', { accuracy: numbers.percent(test.accuracy), looks: n('test.lookCount', test.looks) });
    return { text, short: numbers.percent(test.accuracy), stale: (runState?.stale.length ?? 0) > 0 };
  };
  return {
    data: dataState(),
    model: modelState(),
    train: trainState(),
    test: testState(),
    classify: runState
      ? { text: t('step.classify'), short: t('step.classify.short') }
      : { text: t('step.classify.none'), short: t('step.none') },
  };
}
