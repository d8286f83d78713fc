import { Fragment, type ReactNode } from 'react';
import { Term } from '../parts/term.tsx';
import { useWords } from '../words/use-words.tsx';
import { useTerms } from './use-terms.ts';

/** A text of the interface, in which each term of the field says in place what it means. */
export function Glossed({ text }: { readonly text: string }): ReactNode {
  const terms = useTerms();
  if (!terms) return text;
  return terms.find(text).map((span) =>
    span.term === undefined ? (
      <Fragment key={span.text}>{span.text}</Fragment>
    ) : (
      <Term key={span.term} name={span.term}>
        {span.text}
      </Term>
    ),
  );
}

/** Beside the label of a control, which cannot hold a button itself: what its terms mean. */
export function TermsBeside({ text }: { readonly text: string }): ReactNode {
  const { t } = useWords();
  const found = useTerms()
    ?.find(text)
    .flatMap(({ term, text: word }) => (term === undefined ? [] : [{ term, word }]))
    .slice(0, 1);
  return found?.map(({ term, word }) => (
    <Term key={term} name={term} label={t('term.what', { word })}>
      ?
    </Term>
  ));
}
