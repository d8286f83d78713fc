import type { ReactNode } from 'react';
import type { RequestOf } from '../../../core/workbench/studio/index.ts';
import { useAnswer } from '../../client/use-client.tsx';
import { SelectField } from '../../controls/select-field.tsx';
import { Switch } from '../../controls/switch.tsx';
import { FileButton } from '../../parts/file-button.tsx';
import { useWords } from '../../words/use-words.tsx';

export type Extras = Pick<RequestOf<'test.run'>, 'others' | 'foreign' | 'robustness' | 'slices'>;

interface TestExtrasProps {
  readonly extras: Extras;
  /** Runs that it may be compared with. */
  readonly runs: readonly string[];
  onChange(extras: Extras): void;
}

/** What a test may look at besides, chosen before it: it is one and the same look. */
export function TestExtras({ extras, runs, onChange }: TestExtrasProps): ReactNode {
  const { t } = useWords();
  const data = useAnswer('data.list', {}).value?.data.filter(({ present }) => present) ?? [];
  const none = { value: '', label: t('test.extras.none') };
  return (
    <details className="spaced">
      <summary>{t('test.extras')}</summary>
      <div className="stack">
        <SelectField
          label={t('test.extras.other')}
          value={extras.others?.[0] ?? ''}
          choices={[none, ...runs.map((run) => ({ value: run, label: run }))]}
          onChange={(run) => onChange({ ...extras, others: run === '' ? undefined : [run] })}
        />
        <SelectField
          label={t('test.extras.foreign')}
          hint={t('test.extras.foreignHint')}
          value={extras.foreign ?? ''}
          choices={[none, ...data.map(({ id, name }) => ({ value: id, label: name }))]}
          onChange={(id) => onChange({ ...extras, foreign: id === '' ? undefined : id })}
        />
        <Switch
          label={t('test.extras.robustness')}
          on={extras.robustness ?? false}
          onChange={(robustness) => onChange({ ...extras, robustness })}
        />
        <p className="small soft">{t('test.extras.slicesHint')}</p>
        <FileButton
          label={extras.slices === undefined ? t('test.extras.slices') : t('test.extras.slicesTaken')}
          accept=".csv,text/csv"
          onFile={async (file) => onChange({ ...extras, slices: await file.text() })}
        />
      </div>
    </details>
  );
}
