import type { ReactNode } from 'react';
import type { ResultOf } from '../../../core/workbench/studio/index.ts';
import { useAnswer } from '../../client/use-client.tsx';
import { Thumbnails } from '../../parts/thumbnails.tsx';
import { Link } from '../../route/link.tsx';
import { goTo } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';

interface MistakesProps {
  readonly run: string;
  readonly result: ResultOf<'test.run'>;
  readonly classNames: readonly string[];
}

const pairs = 8;
const shown = 18;

/** Errors first: those that the model was surest of, and the pairs that it takes for each other most often. */
export function Mistakes({ run, result, classNames }: MistakesProps): ReactNode {
  const { t, n, numbers } = useWords();
  const { errors } = result;
  const { value } = useAnswer('test.predictions', errors.count > 0 ? { run, part: 'test' } : undefined);
  if (errors.count === 0) return null;
  const known = errors.surestMistakes.slice(0, shown).flatMap((one) => {
    // By where it lies: the data may have changed since the test.
    const at = value?.origins[one.picture] === one.origin ? one.picture : (value?.origins.indexOf(one.origin) ?? -1);
    const id = at < 0 ? -1 : (value?.ids[at] ?? -1);
    return id < 0 ? [] : [{ ...one, id }];
  });
  return (
    <section>
      <h2>{t('test.mistakes')}</h2>
      <p className="soft prose">{n('test.mistakesText', errors.count)}</p>
      <div className="spaced" style={{ minHeight: 96 }}>
        {value && (
          <Thumbnails
            data={value.data}
            ids={known.map(({ id }) => id)}
            names={known.map(({ label, predicted }) =>
              t('confusion.cellTitle', { truth: classNames[label], predicted: classNames[predicted] }),
            )}
            captions={known.map(
              ({ predicted, probability }) => `${classNames[predicted]} ${numbers.percent(probability, 0)}`,
            )}
            side={72}
            onChoose={(id) => {
              const one = known.find((mistake) => mistake.id === id);
              if (one)
                goTo({
                  view: 'test',
                  path: [run, classNames[one.label], classNames[one.predicted], String(id)],
                  query: {},
                });
            }}
          />
        )}
      </div>
      <h3 className="spaced">{t('test.confused')}</h3>
      <ul className="pairs">
        {errors.confused.slice(0, pairs).map(({ label, predicted, count, share }) => (
          <li key={`${label} ${predicted}`}>
            <Link to={{ view: 'test', path: [run, classNames[label], classNames[predicted]] }}>
              {t('confusion.cellTitle', { truth: classNames[label], predicted: classNames[predicted] })}
            </Link>{' '}
            <span className="soft">{n('test.pair', count, { share: numbers.percent(share) })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
