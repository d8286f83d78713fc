import type { ReactNode } from 'react';
import type { TermName } from '../../core/workbench/course/glossary.ts';
import { useTerms } from '../glossary/use-terms.ts';
import { useWords } from '../words/use-words.tsx';
import { InPlace } from './in-place.tsx';

interface TermProps {
  readonly name: TermName;
  /** Default: the term itself. */
  readonly children?: ReactNode;
  /** What a screen reader calls it, where what is shown is no word. */
  readonly label?: string;
}

/** A term of the field: pointed at or pressed, it says in place what it means. */
export function Term({ name, children, label }: TermProps): ReactNode {
  const { language } = useWords();
  const entry = useTerms()?.glossary[name];
  return (
    <InPlace
      label={label}
      language={language}
      meaning={
        entry && (
          <>
            <b>{entry[0]}</b> {entry[1]}
          </>
        )
      }
    >
      {children ?? entry?.[0] ?? name.replaceAll('-', ' ')}
    </InPlace>
  );
}
