import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { TermName } from '../../core/workbench/course/glossary.ts';
import { InPlace } from './in-place.tsx';

interface TermProps {
  readonly name: TermName;
  /** Default: the term itself. */
  readonly children?: ReactNode;
}

/** A term of the field: pressed, it says in place what it means. The glossary comes when it is first needed. */
export function Term({ name, children }: TermProps): ReactNode {
  const [entry, setEntry] = useState<readonly [word: string, meaning: string]>();
  const load = useCallback((): void => {
    void import('../../core/workbench/course/glossary.ts').then(({ glossary }) => setEntry(glossary[name]));
  }, [name]);
  const bare = children === undefined;
  useEffect(() => {
    if (bare) load();
  }, [bare, load]);
  return (
    <InPlace
      onOpen={load}
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
