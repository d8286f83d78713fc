import { type ReactNode, useState } from 'react';
import { useAnswer } from '../../client/use-client.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { Link } from '../../route/link.tsx';
import { useWords } from '../../words/use-words.tsx';
import { explainRoute, writeUnit } from './address.ts';
import type { Asked, At } from './asked.ts';

const fewest = 24;

interface FeaturesProps {
  readonly asked: Asked;
  readonly at: At;
  readonly layer: string;
  readonly values: Float32Array;
  readonly chosen: number | undefined;
}

/** Numbers of a layer that has no places: the logits by the names of their classes. The largest first where there are many. */
export function Features({ asked, at, layer, values, chosen }: FeaturesProps): ReactNode {
  const { t, n, numbers } = useWords();
  const [all, setAll] = useState(false);
  const opened = useAnswer('explain.open', asked).value;
  const isLast = opened?.layers.at(-1)?.id === layer && opened.classNames.length === values.length;
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  const order = Array.from(values.keys());
  if (!isLast && values.length > fewest) order.sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]));
  const shown = all ? order.slice(0, 2000) : order.slice(0, fewest);
  if (chosen !== undefined && chosen < values.length && !shown.includes(chosen)) shown.unshift(chosen);
  return (
    <>
      <ScrollRegion label={t('explain.features')} className="spaced">
        <table className="bars features">
          <thead>
            <tr>
              <th scope="col">{isLast ? t('data.class') : t('explain.feature')}</th>
              <th scope="col" className="number">
                {t('explain.value')}
              </th>
              <td />
            </tr>
          </thead>
          <tbody>
            {shown.map((i) => (
              <tr key={i} className={i === chosen ? 'top' : undefined}>
                <th scope="row">
                  <Link to={explainRoute({ ...at, layer, unit: writeUnit({ channel: i }) })}>
                    {isLast ? opened.classNames[i] : i}
                  </Link>
                </th>
                <td className="number">{numbers.exact(values[i])}</td>
                <td className="bar">
                  <i
                    className={values[i] < 0 ? 'below' : 'above'}
                    style={{ width: `${(100 * Math.abs(values[i])) / most}%` }}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {!all && values.length > fewest && (
        <button type="button" className="button plain" onClick={() => setAll(true)}>
          {n('explain.allFeatures', values.length)}
        </button>
      )}
    </>
  );
}
