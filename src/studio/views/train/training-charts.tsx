import { type ReactNode, useMemo } from 'react';
import { smoothed } from '../../../core/train/smooth.ts';
import { type Curve, CurveChart } from '../../charts/curve-chart.tsx';
import { Choices } from '../../controls/choices.tsx';
import { Glossed } from '../../glossary/glossed.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { useQuery } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';
import type { Followed } from './followed.ts';

const measures = ['loss', 'accuracy', 'rate'] as const;
const scales = ['linear', 'log'] as const;
/** How much of the mean before stays in a smoothed curve. */
const smoothings = ['0', '0.6', '0.9', '0.97'] as const;

/** Train and val over the epochs, live: loss, accuracy or learning rate. */
export function TrainingCharts({ followed }: { readonly followed: Followed }): ReactNode {
  const { t, numbers } = useWords();
  const [measure, setMeasure] = useQuery('measure', 'loss', measures);
  const [scale, setScale] = useQuery('scale', 'linear', scales);
  const [smoothing, setSmoothing] = useQuery('smoothing', '0.6', smoothings);
  return (
    <section aria-label={t('charts.label')}>
      <div className="row between">
        <Choices
          label={t('charts.measure')}
          value={measure}
          choices={measures.map((value) => ({ value, label: t(`charts.${value}`) }))}
          onChange={setMeasure}
        />
        <div className="row">
          <label className="row soft">
            {t('charts.smoothing')}
            <select
              className="fit"
              value={smoothing}
              onChange={(event) => setSmoothing(event.target.value as (typeof smoothings)[number])}
            >
              {smoothings.map((value) => (
                <option key={value} value={value}>
                  {value === '0' ? t('charts.none') : numbers.rate(Number(value))}
                </option>
              ))}
            </select>
          </label>
          <Choices
            label={t('charts.scale')}
            value={scale}
            choices={scales.map((value) => ({ value, label: t(`charts.${value}`) }))}
            onChange={setScale}
          />
        </div>
      </div>
      <MeasureChart followed={followed} measure={measure} scale={scale} smoothing={Number(smoothing)} />
      <EpochTable followed={followed} />
    </section>
  );
}

interface MeasureChartProps {
  readonly followed: Followed;
  readonly measure: (typeof measures)[number];
  readonly scale: (typeof scales)[number];
  readonly smoothing: number;
}

function MeasureChart({ followed, measure, scale, smoothing }: MeasureChartProps): ReactNode {
  const { t, numbers } = useWords();
  const { steps, records, best, epochs } = followed;
  const curves = useMemo((): Curve[] => {
    const x = records.map(({ epoch }) => epoch);
    if (measure === 'rate') return [{ name: t('charts.rate'), x: steps.x, y: steps.learningRate, ink: 'train' }];
    const stepValues = measure === 'loss' ? steps.loss : steps.accuracy;
    const [train, val] = measure === 'loss' ? (['loss', 'valLoss'] as const) : (['accuracy', 'valAccuracy'] as const);
    // As validation pictures are asked: only then does the distance to val mean something.
    const evaluation = measure === 'loss' ? 'trainLoss' : 'trainAccuracy';
    const measured = records.filter((record) => record[evaluation] !== undefined);
    const evaluated: Curve[] =
      measured.length === 0
        ? []
        : [
            {
              name: t('charts.trainEvaluated'),
              x: measured.map(({ epoch }) => epoch),
              y: measured.map((record) => record[evaluation] ?? Number.NaN),
              ink: 'train',
              dashed: true,
            },
          ];
    return [
      {
        name: t('charts.steps'),
        x: steps.x,
        y: smoothed(stepValues, smoothing),
        ink: 'train',
        faint: records.length > 0,
      },
      { name: t('charts.train'), x, y: records.map((record) => record[train]), ink: 'train', dots: true },
      ...evaluated,
      { name: t('charts.val'), x, y: records.map((record) => record[val]), ink: 'val', dots: true },
    ];
  }, [steps, records, measure, smoothing, t]);
  const isShare = measure === 'accuracy';
  const write = isShare ? (value: number) => numbers.percent(value) : measure === 'loss' ? numbers.loss : numbers.rate;
  const marked =
    best && measure !== 'rate'
      ? {
          x: best.epoch,
          y: isShare ? best.valAccuracy : best.valLoss,
          name: t('charts.best', { epoch: numbers.count(best.epoch) }),
        }
      : undefined;
  return (
    <CurveChart
      curves={curves}
      summary={useSummary(followed, measure)}
      xName={t('charts.epoch')}
      xEnd={epochs}
      scale={isShare ? 'linear' : scale}
      best={marked}
      write={write}
      writeTick={isShare ? (value) => numbers.percent(value, 0) : numbers.rate}
      writeX={(value) => (Number.isInteger(value) ? numbers.count(value) : value.toFixed(2))}
    />
  );
}

/** What the chart shows, in words. */
function useSummary({ records, best, steps, ended }: Followed, measure: (typeof measures)[number]): string {
  const { t, n, numbers } = useWords();
  const last = records.at(-1);
  if (measure === 'rate') {
    const rate = steps.learningRate.at(-1);
    return rate === undefined ? t('charts.summary.waiting') : t('charts.summary.rate', { rate: numbers.rate(rate) });
  }
  if (!last || !best) return t('charts.summary.waiting');
  if (measure === 'accuracy') {
    return t('charts.summary.accuracy', {
      epoch: numbers.count(last.epoch),
      train: numbers.percent(last.accuracy),
      val: numbers.percent(last.valAccuracy),
    });
  }
  const since = last.epoch - best.epoch;
  const lowest = t('charts.summary.lowest', { loss: numbers.loss(best.valLoss), epoch: numbers.count(best.epoch) });
  if (since === 0) return `${lowest} ${t(ended ? 'charts.summary.atEnd' : 'charts.summary.falling')}`;
  return `${lowest} ${n('charts.summary.since', since)}`;
}

/** The same as a table. */
function EpochTable({ followed: { records, best } }: { readonly followed: Followed }): ReactNode {
  const { t, numbers } = useWords();
  if (records.length === 0) return null;
  return (
    <details className="epochs">
      <summary>{t('charts.table')}</summary>
      <ScrollRegion label={t('charts.table')}>
        <table>
          <thead>
            <tr>
              <th scope="col">
                <Glossed text={t('charts.epoch')} />
              </th>
              {(['train', 'val', 'trainAccuracy', 'valAccuracy', 'rate', 'seconds'] as const).map((name) => (
                <th scope="col" className="number" key={name}>
                  <Glossed text={t(`charts.head.${name}`)} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {records.map((record) => (
              <tr key={record.epoch}>
                <th scope="row">
                  {numbers.count(record.epoch)}
                  {record.epoch === best?.epoch ? ` · ${t('charts.isBest')}` : ''}
                </th>
                <td className="number">{numbers.loss(record.loss)}</td>
                <td className="number">{numbers.loss(record.valLoss)}</td>
                <td className="number">{numbers.percent(record.accuracy)}</td>
                <td className="number">{numbers.percent(record.valAccuracy)}</td>
                <td className="number">{numbers.rate(record.learningRate)}</td>
                <td className="number">{numbers.duration(record.seconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </details>
  );
}
