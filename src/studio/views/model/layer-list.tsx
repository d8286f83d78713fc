import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import type { ModelDraft } from '../../../core/model/spec.ts';
import { Said } from '../../parts/said.tsx';
import { useWords } from '../../words/use-words.tsx';
import { addLayer, freeId, moveLayer, removeLayer } from './edit.ts';
import { type KnownLayer, type LayerKind, type ModelProblem, shapeText } from './kinds.ts';

interface LayerListProps {
  readonly draft: ModelDraft;
  readonly known: readonly KnownLayer[];
  readonly kinds: readonly LayerKind[];
  readonly problem: ModelProblem | undefined;
  readonly chosen: string | undefined;
  readonly adding: boolean;
  onAdding(adding: boolean): void;
  onChoose(id: string): void;
  onChange(draft: ModelDraft): void;
}

/** The layers in their order, each with the shape that it gives. Alt and an arrow moves one, Delete takes it out. */
export function LayerList({
  draft,
  known,
  kinds,
  problem,
  chosen,
  adding,
  onAdding,
  onChoose,
  onChange,
}: LayerListProps): ReactNode {
  const { t } = useWords();
  const shapes = new Map(known.map(({ id, outputShape }) => [id, outputShape]));
  const act = (event: KeyboardEvent, id: string, i: number): void => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : undefined;
    if (by !== undefined && event.altKey) {
      event.preventDefault();
      const moved = moveLayer(draft, id, by);
      if (moved) onChange(moved);
    } else if (by !== undefined) {
      event.preventDefault();
      const items = event.currentTarget.closest('ol')?.querySelectorAll<HTMLElement>('.item');
      items?.[i + by]?.focus();
    } else if (event.key === 'Delete' && draft.layers.length > 1) {
      onChange(removeLayer(draft, id));
    }
  };
  return (
    <>
      <ol className="list layers">
        {draft.layers.map(({ id, type }, i) => {
          const shape = shapes.get(id);
          return (
            <li key={id}>
              <button
                type="button"
                className={problem?.layer === id ? 'item is-wrong' : 'item'}
                aria-current={chosen === id ? 'true' : undefined}
                onClick={() => onChoose(id)}
                onKeyDown={(event) => act(event, id, i)}
              >
                <span className="mono break">{id}</span>
                <span className="aside small">
                  {shape ? shapeText(shape) : problem?.layer === id ? t('model.doesNotFit') : '–'}
                </span>
                <span className="below">{type}</span>
              </button>
            </li>
          );
        })}
      </ol>
      {adding ? (
        <AddLayer
          kinds={kinds}
          after={chosen ?? draft.layers.at(-1)?.id ?? 'input'}
          onCancel={() => onAdding(false)}
          onAdd={(kind, after) => {
            const id = freeId(draft, kind.idPrefix);
            onChange(addLayer(draft, after, { id, type: kind.type, ...firstOptions(kind) }));
            onAdding(false);
            onChoose(id);
          }}
        />
      ) : (
        <button type="button" className="button add" onClick={() => onAdding(true)}>
          {chosen ? t('model.addAfter', { layer: chosen }) : t('model.add')}
        </button>
      )}
    </>
  );
}

/** Values for options that must be given, so that a new layer is one: the smallest of each range that is of any use. */
function firstOptions({ options }: LayerKind): Record<string, unknown> {
  const required = Object.entries(options).filter(([, option]) => option.default === undefined && !option.optional);
  return Object.fromEntries(
    required.map(([name, { type, choices, minimum = 1 }]) => {
      if (type === 'choice') return [name, choices?.[0]];
      if (type === 'boolean') return [name, false];
      return [
        name,
        type === 'size' || type === 'padding'
          ? Math.max(3, minimum)
          : type === 'integer'
            ? Math.max(16, minimum)
            : minimum,
      ];
    }),
  );
}

interface AddLayerProps {
  readonly kinds: readonly LayerKind[];
  readonly after: string;
  onAdd(kind: LayerKind, after: string): void;
  onCancel(): void;
}

function AddLayer({ kinds, after, onAdd, onCancel }: AddLayerProps): ReactNode {
  const { t, tell } = useWords();
  const id = useId();
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = kinds.filter(({ type, aliases, doc }) =>
    [type, ...aliases, doc, tell(doc) ?? ''].some((text) => text.toLowerCase().includes(wanted)),
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only takes Escape from what is within.
    <div
      className="adding"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onCancel();
      }}
    >
      <label htmlFor={id}>{t('model.addAfter', { layer: after })}</label>
      <input
        id={id}
        type="search"
        // biome-ignore lint/a11y/noAutofocus: it opens by the person's own doing, to be typed into.
        autoFocus
        value={search}
        placeholder={t('model.searchLayer')}
        onChange={(event) => setSearch(event.target.value)}
      />
      <ul className="list">
        {found.map((kind) => (
          <li key={kind.type}>
            <button type="button" className="item" onClick={() => onAdd(kind, after)}>
              <span className="mono">{kind.type}</span>
              <span className="below">
                <Said text={kind.doc} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" className="button" onClick={onCancel}>
        {t('progress.cancel')}
      </button>
    </div>
  );
}
