import type { ReactNode } from 'react';
import { useWords } from '../words/use-words.tsx';

/** What the workbench said: in the page's language where it is translated, else in English and marked so. */
export function Said({ text }: { readonly text: string }): ReactNode {
  const { tell } = useWords();
  const told = tell(text);
  return told === undefined ? <span lang="en">{text}</span> : told;
}
