import type { ReactNode } from 'react';
import type { SpecChange } from '../../../core/model/mend.ts';
import type { LayerSpec, ModelDraft } from '../../../core/model/spec.ts';
import { OptionForm } from '../../controls/option-form.tsx';
import { TextField } from '../../controls/text-field.tsx';
import { Glossed } from '../../glossary/glossed.tsx';
import { Said } from '../../parts/said.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';
import { removeLayer, renameLayer, setInputs, setOption, withReads } from './edit.ts';
import { type KnownLayer, type LayerKind, type ModelProblem, shapeText } from './kinds.ts';

interface LayerFormProps {
  readonly draft: ModelDraft;
  readonly layer: LayerSpec;
  readonly kinds: readonly LayerKind[];
  readonly known: readonly KnownLayer[];
  readonly problem: ModelProblem | undefined;
  onChange(draft: ModelDraft): void;
  onMend(changes: SpecChange[]): void;
  onRename(id: string): void;
  onLeave(): void;
}

/** One layer: what it is, what is wrong with it, its options, what comes out. */
export function LayerForm({
  draft,
  layer,
  kinds,
  known,
  problem,
  onChange,
  onMend,
  onRename,
  onLeave,
}: LayerFormProps): ReactNode {
  const { t, numbers } = useWords();
  const { id, type, inputs: _, ...values } = layer;
  const inputs = withReads(draft).find((one) => one.id === id)?.inputs ?? [];
  const kind = kinds.find((one) => one.type === type);
  const facts = known.find((one) => one.id === id);
  const before = draft.layers.slice(0, draft.layers.indexOf(layer)).map((one) => one.id);
  const taken = new Set(draft.layers.map((one) => one.id).filter((one) => one !== id));
  const isHere = problem?.layer === id;
  return (
    <section key={id}>
      <h2 className="break">
        {id} <span className="soft mono small">{type}</span>
      </h2>
      {kind && (
        <p className="soft">
          <Said text={kind.doc} />
        </p>
      )}
      {isHere && problem && (
        <Trouble
          message={problem.message}
          mend={problem.mends.length === 0 ? problem.mend : undefined}
          actions={problem.mends.map(({ text, changes }, i) => (
            <button
              type="button"
              className={i === 0 ? 'button first' : 'button'}
              key={text}
              onClick={() => onMend([...changes])}
            >
              {text.charAt(0).toUpperCase() + text.slice(1)}
            </button>
          ))}
        />
      )}
      {facts && (
        <dl className="facts spaced">
          <dt>{t('model.out')}</dt>
          <dd>{shapeText(facts.outputShape)}</dd>
          <dt>
            <Glossed text={t('model.parameters')} />
          </dt>
          <dd>{numbers.count(facts.parameters)}</dd>
          <dt>
            <Glossed text={t('model.macs')} />
          </dt>
          <dd>{numbers.short(facts.macs)}</dd>
          <dt>
            <Glossed text={t('model.field')} />
          </dt>
          <dd>{fieldText(facts.receptiveField)}</dd>
        </dl>
      )}
      <div className="spaced">
        {kind && (
          <OptionForm
            options={kind.options}
            values={values}
            onChange={(option, value) => onChange(setOption(draft, id, option, value))}
          />
        )}
        <TextField
          label={t('model.inputs')}
          hint={t('model.inputs.hint')}
          value={inputs.join(', ')}
          check={(text) => {
            const named = text.split(',').map((one) => one.trim());
            return named.every((one) => one === 'input' || before.includes(one)) ? undefined : t('model.inputs.wrong');
          }}
          onChange={(text) =>
            onChange(
              setInputs(
                draft,
                id,
                text.split(',').map((one) => one.trim()),
              ),
            )
          }
        />
        <TextField
          label={t('model.id')}
          hint={t('model.id.hint')}
          value={id}
          check={(text) =>
            /^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$/.test(text) && !taken.has(text) ? undefined : t('model.id.wrong')
          }
          onChange={(text) => {
            onChange(renameLayer(draft, id, text));
            onRename(text);
          }}
        />
      </div>
      <button
        type="button"
        className="button spaced"
        disabled={draft.layers.length < 2}
        onClick={() => {
          onChange(removeLayer(draft, id));
          onLeave();
        }}
      >
        {t('model.remove', { layer: id })}
      </button>
    </section>
  );
}

/** The window on the picture that one value sees, height × width. */
export const fieldText = ({ size }: KnownLayer['receptiveField']): string => shapeText(size);
