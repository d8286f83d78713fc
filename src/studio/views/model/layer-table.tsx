import type { ReactNode } from 'react';
import type { ModelDraft } from '../../../core/model/spec.ts';
import { Glossed } from '../../glossary/glossed.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { useWords } from '../../words/use-words.tsx';
import { type KnownLayer, type ModelProblem, shapeText } from './kinds.ts';
import { fieldText } from './layer-form.tsx';

interface LayerTableProps {
  readonly draft: ModelDraft;
  readonly known: readonly KnownLayer[];
  readonly problem: ModelProblem | undefined;
  readonly chosen: string | undefined;
  onChoose(id: string): void;
}

/** All numbers of all layers, side by side. */
export function LayerTable({ draft, known, problem, chosen, onChoose }: LayerTableProps): ReactNode {
  const { t, numbers } = useWords();
  const byId = new Map(known.map((layer) => [layer.id, layer]));
  return (
    <ScrollRegion label={t('model.layers')}>
      <table className="layer-table">
        <thead>
          <tr>
            <th scope="col">
              <Glossed text={t('model.layer')} />
            </th>
            <th scope="col">{t('model.type')}</th>
            <th scope="col" className="number">
              {t('model.out')}
            </th>
            <th scope="col" className="number">
              <Glossed text={t('model.parameters')} />
            </th>
            <th scope="col" className="number">
              <Glossed text={t('model.macs')} />
            </th>
            <th scope="col" className="number">
              <Glossed text={t('model.field')} />
            </th>
          </tr>
        </thead>
        <tbody>
          {draft.layers.map(({ id, type }) => {
            const facts = byId.get(id);
            return (
              <tr
                key={id}
                className={
                  [chosen === id ? 'is-chosen' : '', problem?.layer === id ? 'is-wrong' : ''].join(' ').trim() ||
                  undefined
                }
              >
                <th scope="row">
                  <button type="button" className="link mono" onClick={() => onChoose(id)}>
                    {id}
                  </button>
                </th>
                <td className="mono">{type}</td>
                <td className="number">{facts ? shapeText(facts.outputShape) : '–'}</td>
                <td className="number">{facts ? numbers.count(facts.parameters) : '–'}</td>
                <td className="number">{facts ? numbers.short(facts.macs) : '–'}</td>
                <td className="number">{facts ? fieldText(facts.receptiveField) : '–'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
