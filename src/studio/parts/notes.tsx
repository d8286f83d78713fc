import type { ReactNode } from 'react';
import type { NoteEvent } from '../../core/workbench/notes.ts';
import type { Key } from '../words/use-words.tsx';
import { useWords } from '../words/use-words.tsx';
import { Said } from './said.tsx';

/** What the workbench noted: in the page's language where it is known by its kind, else as it was said, in English. */
export function Notes({
  notes,
}: {
  readonly notes: readonly (string | Pick<NoteEvent, 'text' | 'told'>)[];
}): ReactNode {
  const { t } = useWords();
  const say = t as (key: Key, values: Readonly<Record<string, string>>) => string;
  return (
    <ul className="notes">
      {notes.map((one) => {
        const { text, told } = typeof one === 'string' ? { text: one, told: undefined } : one;
        return told ? (
          <li key={text}>{say(`note.${told.name}`, told.values)}</li>
        ) : (
          <li key={text}>
            <Said text={text} />
          </li>
        );
      })}
    </ul>
  );
}
