import { type ReactNode, useState } from 'react';
import type { ModelDraft } from '../../../core/model/spec.ts';
import { useBench } from '../../bench/bench.tsx';
import { changed, useAnswer, useClient, useDoing } from '../../client/use-client.tsx';
import { Field } from '../../controls/field.tsx';
import { Said } from '../../parts/said.tsx';
import { useWords } from '../../words/use-words.tsx';

interface ModelSourceProps {
  readonly name: string;
  readonly edited: boolean;
  readonly input: readonly number[] | undefined;
  onChoose(model: string | undefined): void;
}

/** Where the model comes from: chosen for the data, a preset, or one that was saved; and saving it. */
export function ModelSource({ name, edited, input, onChoose }: ModelSourceProps): ReactNode {
  const { t } = useWords();
  const { bench } = useBench();
  const presets = useAnswer('model.presets', {}).value?.presets ?? [];
  const saved = useAnswer('model.saved', {}).value?.names ?? [];
  const smallest = Math.min(...(input?.slice(0, 2) ?? [Number.POSITIVE_INFINITY]));
  const value = typeof bench.model === 'string' ? bench.model : bench.model === undefined ? '' : 'edited';
  const doc = presets.find((one) => one.name === bench.model)?.doc;
  return (
    <div className="source">
      <Field label={t('model.start')} hint={edited ? t('model.edited') : doc && <Said text={doc} />}>
        {({ id, describedBy }) => (
          <select
            id={id}
            value={value}
            aria-describedby={describedBy}
            onChange={(event) => onChoose(event.target.value || undefined)}
          >
            {edited && <option value="edited">{t('model.yours', { name })}</option>}
            <option value="">{t('model.chosenForData')}</option>
            {saved.length > 0 && (
              <optgroup label={t('model.saved')}>
                {saved.map((one) => (
                  <option key={one} value={`model:${one}`}>
                    {one}
                  </option>
                ))}
              </optgroup>
            )}
            <optgroup label={t('model.presets')}>
              {presets.map((one) => (
                <option key={one.name} value={one.name} disabled={one.minimumSize > smallest}>
                  {one.name}
                </option>
              ))}
            </optgroup>
          </select>
        )}
      </Field>
      {edited && <SaveModel model={bench.model as ModelDraft} />}
    </div>
  );
}

function SaveModel({ model }: { readonly model: ModelDraft }): ReactNode {
  const { t } = useWords();
  const client = useClient();
  const doing = useDoing();
  const [name, setName] = useState(model.name ?? '');
  const [saved, setSaved] = useState<{ readonly name: string; readonly version: string; readonly model: ModelDraft }>();
  return (
    <form
      className="row save"
      onSubmit={(event) => {
        event.preventDefault();
        void doing.run(async () => {
          const before = saved?.name === name ? saved.version : undefined;
          const { version } = await client.ask('model.save', {
            name,
            model: model as unknown as Record<string, unknown>,
            before,
          });
          setSaved({ name, version, model });
          changed();
        });
      }}
    >
      <input
        type="text"
        aria-label={t('model.name')}
        placeholder={t('model.name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <button type="submit" className="button" disabled={name.trim() === '' || doing.busy}>
        {t('model.save')}
      </button>
      <p className={doing.error ? 'wrong' : 'small soft'} role="status">
        {doing.error ? `${doing.error.message}. ${doing.error.mend}` : saved?.model === model ? t('model.isSaved') : ''}
      </p>
    </form>
  );
}
