import type { ReactNode } from 'react';
import type { Recipe } from '../../../core/train/recipe.ts';
import { Glossed } from '../../glossary/glossed.tsx';
import { Notes } from '../../parts/notes.tsx';
import { useWords } from '../../words/use-words.tsx';

interface RecipeFactsProps {
  readonly recipe: Recipe;
  readonly why: readonly string[];
  readonly images?: { readonly train?: number; readonly val?: number };
}

/** Everything that decides a training's result, and why it was chosen so. */
export function RecipeFacts({ recipe, why, images }: RecipeFactsProps): ReactNode {
  const { t, numbers } = useWords();
  const rows = [
    [t('recipe.model'), recipe.modelName],
    [t('recipe.optimizer'), recipe.optimizer.type],
    [t('recipe.learningRate'), numbers.rate(recipe.learningRate)],
    [t('recipe.schedule'), recipe.schedule.type],
    [t('recipe.epochs'), numbers.count(recipe.epochs)],
    [t('recipe.batch'), numbers.count(recipe.batch)],
    ...(images?.train === undefined ? [] : [[t('recipe.train'), numbers.count(images.train)] as const]),
    ...(images?.val === undefined ? [] : [[t('recipe.val'), numbers.count(images.val)] as const]),
    [t('recipe.seed'), String(recipe.seed)],
  ] as const;
  return (
    <section>
      <h2>
        <Glossed text={t('recipe.title')} />
      </h2>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div className="pair" key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {why.length > 0 && (
        <>
          <h3 className="spaced">{t('recipe.why')}</h3>
          <Notes notes={why} />
        </>
      )}
    </section>
  );
}
