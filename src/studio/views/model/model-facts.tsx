import type { ReactNode } from 'react';
import { Glossed } from '../../glossary/glossed.tsx';
import { useWords } from '../../words/use-words.tsx';
import type { ShownModel } from './kinds.ts';

/** The numbers of the whole model; their places stay while a new model is looked at. */
export function ModelFacts({ shown }: { readonly shown: ShownModel | undefined }): ReactNode {
  const { t, n, numbers } = useWords();
  const facts = shown?.fits ? shown : undefined;
  const rows = [
    [t('model.layers'), facts && numbers.count(facts.summary.layers.length)],
    [t('model.parameters'), facts && numbers.count(facts.summary.parameters)],
    [t('model.macs'), facts && numbers.short(facts.summary.macs)],
    [t('model.activations'), facts && numbers.short(facts.summary.activations)],
    [t('model.memory'), facts?.memory && numbers.bytes(facts.memory.memory)],
  ] as const;
  return (
    <section>
      <h2>{t('model.facts')}</h2>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div className="pair" key={name}>
            <dt>
              <Glossed text={name} />
            </dt>
            <dd>{value ?? '–'}</dd>
          </div>
        ))}
      </dl>
      <p className="small soft spaced">
        {facts ? n('model.facts.hint', facts.batch) : shown ? t('model.facts.none') : ''}
      </p>
    </section>
  );
}
