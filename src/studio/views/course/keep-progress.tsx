import { type ReactNode, useRef, useState } from 'react';
import { longestProgress, readProgress, writeProgress } from '../../../core/workbench/course/progress.ts';
import { saveFile } from '../../parts/save-file.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';
import type { KeptProgress } from './progress.ts';

/** Progress and notes as a file: for another machine, or the teacher. */
export function KeepProgress({ kept }: { readonly kept: KeptProgress }): ReactNode {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [told, setTold] = useState<'brought' | 'wrong'>();
  const save = (): void => saveFile('fovea-course.json', writeProgress(kept.progress), 'application/json');
  const bring = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const other = file.size < longestProgress ? readProgress(await file.text()) : undefined;
    if (other) kept.join(other);
    setTold(other ? 'brought' : 'wrong');
  };
  return (
    <div className="keep spaced">
      <button type="button" className="button" onClick={save}>
        {t('course.keep')}
      </button>
      <button type="button" className="button" onClick={() => input.current?.click()}>
        {t('course.bring')}
      </button>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        hidden
        onChange={(event) => {
          void bring(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      {told === 'brought' && (
        <p role="status" className="small soft">
          {t('course.brought')}
        </p>
      )}
      {told === 'wrong' && <Trouble message={t('course.notProgress')} mend={t('course.notProgressMend')} />}
    </div>
  );
}
