import { type ReactNode, useEffect, useState } from 'react';
import type { EpochRecord } from '../../../core/train/history.ts';
import { type Curve, CurveChart } from '../../charts/curve-chart.tsx';
import { useClient } from '../../client/use-client.tsx';
import { Choices } from '../../controls/choices.tsx';
import { useQuery } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';

const measures = ['valLoss', 'valAccuracy', 'loss'] as const;

/** The curves of several runs on one chart: each with a colour and its name at its end. */
export function RunOverlay({ runs }: { readonly runs: readonly string[] }): ReactNode {
  const { t, numbers } = useWords();
  const client = useClient();
  const [measure, setMeasure] = useQuery('measure', 'valLoss', measures);
  const [histories, setHistories] = useState<ReadonlyMap<string, readonly EpochRecord[]>>();
  const key = runs.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the runs.
  useEffect(() => {
    const control = new AbortController();
    Promise.all(
      runs.map(async (run) => [run, (await client.ask('run.show', { run }, control.signal)).history] as const),
    ).then(
      (all) => setHistories(new Map(all)),
      () => undefined,
    );
    return () => control.abort();
  }, [client, key]);
  const curves = runs.flatMap((run, i): Curve[] => {
    const history = histories?.get(run);
    return history && history.length > 0
      ? [
          {
            name: run,
            x: history.map(({ epoch }) => epoch),
            y: history.map((record) => record[measure]),
            ink: i,
            dots: true,
            dashed: i % 2 === 1,
          },
        ]
      : [];
  });
  const best = curves
    .map(({ name, y }) => ({ name, value: measure === 'valAccuracy' ? Math.max(...y) : Math.min(...y) }))
    .sort((a, b) => (measure === 'valAccuracy' ? b.value - a.value : a.value - b.value))[0];
  const write = measure === 'valAccuracy' ? (value: number) => numbers.percent(value) : numbers.loss;
  const waiting = t(histories ? 'charts.summary.waiting' : 'wait.runs');
  const summary = best ? t('runs.bestOf', { run: best.name, value: write(best.value) }) : waiting;
  return (
    <section className="overlay">
      <Choices
        label={t('charts.measure')}
        value={measure}
        choices={measures.map((value) => ({ value, label: t(`runs.measure.${value}`) }))}
        onChange={setMeasure}
      />
      <CurveChart
        curves={curves}
        height={280}
        summary={summary}
        xName={t('charts.epoch')}
        write={write}
        writeTick={measure === 'valAccuracy' ? (value) => numbers.percent(value, 0) : numbers.rate}
        writeX={(value) => numbers.count(value)}
      />
    </section>
  );
}
