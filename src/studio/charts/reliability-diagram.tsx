import type { ReactNode } from 'react';
import type { ResultOf } from '../../core/workbench/studio/index.ts';
import { useWords } from '../words/use-words.tsx';

type Bin = ResultOf<'test.run'>['reliability'][number];

interface ReliabilityDiagramProps {
  readonly bins: readonly Bin[];
  /** Without the temperature: thin rings. */
  readonly before?: readonly Bin[];
  readonly summary: string;
}

const side = 320;
const margin = 44;
const inner = side - margin - 12;
const ticks = [0, 0.25, 0.5, 0.75, 1];
const across = (share: number): number => margin + share * inner;
const up = (share: number): number => 12 + (1 - share) * inner;

/** Share of right answers by how sure they are: on the line they are right as often as they say. */
export function ReliabilityDiagram({ bins, before = [], summary }: ReliabilityDiagramProps): ReactNode {
  const { t, numbers } = useWords();
  const most = Math.max(1, ...bins.map(({ count }) => count));
  return (
    <figure className="reliability">
      <svg viewBox={`0 0 ${side} ${side}`} role="img" aria-label={summary}>
        {ticks.map((share) => (
          <g key={share}>
            <line className="grid" x1={across(0)} x2={across(1)} y1={up(share)} y2={up(share)} />
            <line className="grid" x1={across(share)} x2={across(share)} y1={up(0)} y2={up(1)} />
            <text x={across(0) - 6} y={up(share) + 4} textAnchor="end">
              {numbers.percent(share, 0)}
            </text>
            <text x={across(share)} y={up(0) + 16} textAnchor={share === 1 ? 'end' : 'middle'}>
              {numbers.percent(share, 0)}
            </text>
          </g>
        ))}
        <line className="line" x1={across(0)} y1={up(0)} x2={across(1)} y2={up(1)} />
        {before.map(
          ({ low, confidence, accuracy }) =>
            confidence !== undefined &&
            accuracy !== undefined && (
              <circle className="ring" key={low} cx={across(confidence)} cy={up(accuracy)} r={4} />
            ),
        )}
        {bins.map(
          ({ low, confidence, accuracy, count }) =>
            confidence !== undefined &&
            accuracy !== undefined && (
              <circle
                className="dot"
                key={low}
                cx={across(confidence)}
                cy={up(accuracy)}
                r={3 + 7 * Math.sqrt(count / most)}
              >
                <title>
                  {t('test.bin', {
                    sure: numbers.percent(confidence),
                    right: numbers.percent(accuracy),
                    count: numbers.count(count),
                  })}
                </title>
              </circle>
            ),
        )}
        <text x={across(0.5)} y={side - 2} textAnchor="middle">
          {t('test.howSure')}
        </text>
      </svg>
      <figcaption>{summary}</figcaption>
    </figure>
  );
}
