import { type ReactNode, useState } from 'react';
import type { ModelDraft } from '../../../core/model/spec.ts';
import { useAnswer } from '../../client/use-client.tsx';
import { Choices } from '../../controls/choices.tsx';
import { CopyButton } from '../../controls/copy-button.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';

interface ModelCodeProps {
  readonly draft: ModelDraft;
  readonly shape: { readonly input: [number, number, 1 | 3]; readonly classes: number };
  readonly fits: boolean;
}

const forms = [
  { value: 'typescript', label: 'TypeScript' },
  { value: 'json', label: 'JSON' },
  { value: 'pytorch', label: 'PyTorch' },
  { value: 'shorthand', label: 'fovea --model' },
] as const;

type Form = (typeof forms)[number]['value'];

/** The same model as a text to copy. */
export function ModelCode({ draft, shape, fits }: ModelCodeProps): ReactNode {
  const { t } = useWords();
  const [form, setForm] = useState<Form>('typescript');
  const { value, error } = useAnswer(
    'model.write',
    fits ? { model: draft as unknown as Record<string, unknown>, form, ...shape } : undefined,
  );
  return (
    <div className="stack">
      <div className="row between">
        <Choices label={t('model.form')} value={form} choices={forms} onChange={(value) => setForm(value as Form)} />
        <CopyButton text={value?.text} />
      </div>
      {!fits && <p className="soft">{t('model.codeWhenFits')}</p>}
      {error && <Trouble message={error.message} mend={error.mend} />}
      {value && value.text === undefined && <p className="soft">{t('model.noShorthand')}</p>}
      {value?.text !== undefined && (
        <ScrollRegion label={t('model.form')} className="code">
          <pre>{value.text}</pre>
        </ScrollRegion>
      )}
    </div>
  );
}
