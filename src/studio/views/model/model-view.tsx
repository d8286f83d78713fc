import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { SpecChange } from '../../../core/model/mend.ts';
import type { ModelDraft } from '../../../core/model/spec.ts';
import { useBench } from '../../bench/bench.tsx';
import { useAnswer, useClient, useDoing } from '../../client/use-client.tsx';
import { Choices } from '../../controls/choices.tsx';
import { Columns } from '../../frame/columns.tsx';
import { Glossed } from '../../glossary/glossed.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { goTo, useQuery, useRoute } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';
import { LayerForm } from './layer-form.tsx';
import { LayerList } from './layer-list.tsx';
import { LayerTable } from './layer-table.tsx';
import { ModelCode } from './model-code.tsx';
import { ModelFacts } from './model-facts.tsx';
import { ModelSource } from './model-source.tsx';
import { useUndo } from './use-undo.ts';

const ModelGraph = lazy(() => import('./model-graph.tsx'));

const tabs = ['graph', 'list', 'code'] as const;

/** A model on the bench: its layers, its picture, and the form of the layer that is chosen. */
export default function ModelView(): ReactNode {
  const { t, numbers } = useWords();
  const { bench, put } = useBench();
  const { path } = useRoute();
  const client = useClient();
  const doing = useDoing();
  const [tab, setTab] = useQuery('as', 'graph', tabs);
  const [adding, setAdding] = useState(false);
  const data = useAnswer('data.open', { data: bench.data }).value;
  const shape = data && {
    input: [data.chosen.height, data.chosen.width, data.channels as 1 | 3] as [number, number, 1 | 3],
    classes: data.classNames.length,
  };
  const recipe = useAnswer('train.recipe', bench.model === undefined ? { data: bench.data } : undefined);
  const source = typeof bench.model === 'string' ? bench.model : recipe.value?.recipe.modelName;
  const named =
    typeof bench.model !== 'object' && source !== undefined && shape ? { model: source, ...shape } : undefined;
  const usual = useAnswer('model.draft', named);
  const draft = typeof bench.model === 'object' ? bench.model : usual.value?.draft;
  const shown = useAnswer(
    'model.show',
    draft && shape ? { model: draft as unknown as Record<string, unknown>, ...shape } : undefined,
  );
  const layers = useAnswer('model.layers', {}).value?.layers ?? [];
  const undo = useUndo<Pick<typeof bench, 'model'>>();
  const change = (model: ModelDraft | string | undefined): void => {
    undo.push({ model: bench.model });
    put({ model });
  };
  const chosen = draft?.layers.find(({ id }) => id === path[0]);
  const problem = shown.value?.fits === false ? shown.value.problem : undefined;
  const known = shown.value?.fits ? shown.value.summary.layers : (shown.value?.layers ?? []);
  const go = (id: string): void => goTo({ view: 'model', path: [id], query: tab === 'graph' ? {} : { as: tab } });
  const mend = (changes: SpecChange[]): void =>
    void doing.run(async () => {
      const mended = await client.ask('model.mend', { model: draft as unknown as Record<string, unknown>, changes });
      change(mended.draft);
    });
  const title =
    draft?.name ?? (typeof bench.model === 'string' ? bench.model : (usual.value?.name ?? t('model.title')));
  const error = usual.error ?? shown.error ?? doing.error;

  return (
    <Columns
      title={t('thread.model')}
      leftLabel={t('model.layers')}
      left={
        <>
          <ModelSource name={title} edited={typeof bench.model === 'object'} onChoose={change} input={shape?.input} />
          {draft && (
            <LayerList
              draft={draft}
              known={known}
              kinds={layers}
              problem={problem}
              chosen={chosen?.id}
              adding={adding}
              onAdding={setAdding}
              onChoose={go}
              onChange={change}
            />
          )}
        </>
      }
      right={
        <>
          {chosen && draft ? (
            <LayerForm
              draft={draft}
              layer={chosen}
              kinds={layers}
              known={known}
              problem={problem}
              onChange={change}
              onMend={mend}
              onLeave={() => goTo({ view: 'model', path: [], query: {} })}
              onRename={go}
            />
          ) : (
            <section>
              <h2>
                <Glossed text={t('model.whole')} />
              </h2>
              <p className="soft">{t('model.chooseLayer')}</p>
            </section>
          )}
          <ModelFacts shown={shown.value} />
        </>
      }
      inspected={chosen?.id}
    >
      <div className="head">
        <div>
          <h1>{title}</h1>
          <p>
            {shape &&
              t('model.for', {
                size: shape.input.slice(0, 2).map(numbers.count).join(' × '),
                colour: shape.input[2] === 1 ? t('data.grey') : t('data.colour'),
                classes: numbers.count(shape.classes),
              })}
          </p>
        </div>
        <div className="row">
          <button
            type="button"
            className="button"
            disabled={!undo.canUndo}
            onClick={() => undo.undo({ model: bench.model }, put)}
          >
            {t('model.undo')}
          </button>
          <button
            type="button"
            className="button"
            disabled={!undo.canRedo}
            onClick={() => undo.redo({ model: bench.model }, put)}
          >
            {t('model.redo')}
          </button>
          <Choices
            label={t('model.as')}
            value={tab}
            choices={tabs.map((value) => ({ value, label: t(`model.as.${value}`) }))}
            onChange={setTab}
          />
        </div>
      </div>
      {error && <Trouble message={error.message} mend={error.mend} />}
      {problem && !chosen && (
        <Trouble
          message={problem.message}
          mend={problem.mend}
          actions={
            <>
              {problem.mends.map(({ text, changes }) => (
                <button type="button" className="button" key={text} onClick={() => mend([...changes])}>
                  {sentence(text)}
                </button>
              ))}
              {problem.layer !== undefined && (
                <button type="button" className="button plain" onClick={() => go(problem.layer as string)}>
                  {t('model.showLayer', { layer: problem.layer })}
                </button>
              )}
            </>
          }
        />
      )}
      {!draft && !error && <p className="quiet-wait">{t('wait.model')}</p>}
      {draft && tab === 'graph' && (
        <Suspense fallback={<p className="quiet-wait">{t('wait.drawing')}</p>}>
          <ModelGraph draft={draft} shown={shown.value} problem={problem} chosen={chosen?.id} onChoose={go} />
        </Suspense>
      )}
      {draft && tab === 'list' && (
        <LayerTable draft={draft} known={known} problem={problem} chosen={chosen?.id} onChoose={go} />
      )}
      {draft && tab === 'code' && shape && <ModelCode draft={draft} shape={shape} fits={shown.value?.fits === true} />}
    </Columns>
  );
}

/** Words of a mend as a button: `Use padding 'same'`. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
