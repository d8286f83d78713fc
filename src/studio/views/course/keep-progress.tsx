import { type ReactNode, useState } from 'react';
import { longestProgress, readProgress, writeProgress } from '../../../core/workbench/course/progress.ts';
import { FileButton } from '../../parts/file-button.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';
import type { KeptProgress } from './progress.ts';

/** Progress and notes as a file: for another machine, or the teacher. */
export function KeepProgress({ kept }: { readonly kept: KeptProgress }): ReactNode {
  const { t } = useWords();
  const [told, setTold] = useState<'brought' | 'wrong'>();
  const save = (): void => saveFile('fovea-course.json', writeProgress(kept.progress), 'application/json');
  const bring = async (file: File): Promise<void> => {
    const other = file.size < longestProgress ? readProgress(await file.text()) : undefined;
    if (other) kept.join(other);
    setTold(other ? 'brought' : 'wrong');
  };
  return (
    <div className="keep spaced">
      <button type="button" className="button" onClick={save}>
        {t('course.keep')}
      </button>
      <FileButton label={t('course.bring')} accept="application/json,.json" onFile={(file) => void bring(file)} />
      {told === 'brought' && (
        <p role="status" className="small soft">
          {t('course.brought')}
        </p>
      )}
      {told === 'wrong' && <Trouble message={t('course.notProgress')} mend={t('course.notProgressMend')} />}
    </div>
  );
}
