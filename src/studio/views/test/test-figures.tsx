import type { ReactNode } from 'react';
import type { ResultOf } from '../../../core/workbench/studio/index.ts';
import { Glossed } from '../../glossary/glossed.tsx';
import { Term } from '../../parts/term.tsx';
import { useWords } from '../../words/use-words.tsx';

/** The figures of a test, with their uncertainty. */
export function TestFigures({ result }: { readonly result: ResultOf<'test.run'> }): ReactNode {
  const { t, n, numbers } = useWords();
  const [low, high] = result.interval;
  return (
    <section>
      <h2>
        <Term name="accuracy">{t('test.accuracy')}</Term>
      </h2>
      <p className="figure">{numbers.percent(result.accuracy)}</p>
      <p className="soft">{t('test.interval', { low: numbers.percent(low), high: numbers.percent(high) })}</p>
      <dl className="facts spaced">
        <dt>
          <Glossed text={t('test.loss')} />
        </dt>
        <dd>{numbers.loss(result.loss)}</dd>
        <dt>
          <Glossed text={t('test.macroF1')} />
        </dt>
        <dd>{numbers.percent(result.macroF1)}</dd>
        <dt>{t('test.images')}</dt>
        <dd>{numbers.count(result.images)}</dd>
      </dl>
      <p className="small soft spaced">{n('test.look', result.look.number)}</p>
    </section>
  );
}
