import type { ReactNode } from 'react';
import type { StudioError } from '../../../core/workbench/studio/client.ts';
import type { RequestOf } from '../../../core/workbench/studio/index.ts';
import { trainingOf, useBench } from '../../bench/bench.tsx';
import { useAnswer, useJob } from '../../client/use-client.tsx';
import { OptionField, OptionForm } from '../../controls/option-form.tsx';
import { SelectField } from '../../controls/select-field.tsx';
import { Columns } from '../../frame/columns.tsx';
import { Glossed } from '../../glossary/glossed.tsx';
import { Progress } from '../../parts/progress.tsx';
import { Said } from '../../parts/said.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Link } from '../../route/link.tsx';
import { useWords } from '../../words/use-words.tsx';
import { RecipeFacts } from './recipe-facts.tsx';

interface RecipeFormProps {
  readonly left: ReactNode;
  readonly busy: boolean;
  readonly error: StudioError | undefined;
  onStart(request: RequestOf<'train.start'>): void;
}

/** A new training: what is chosen, what a person may choose otherwise, and what it will take. */
export function RecipeForm({ left, busy, error, onStart }: RecipeFormProps): ReactNode {
  const { t, n, numbers } = useWords();
  const { bench, put } = useBench();
  const request = trainingOf(bench);
  const recipe = useAnswer('train.recipe', request);
  const options = useAnswer('train.options', {}).value;
  const dataName = useAnswer('data.list', {}).value?.data.find(({ id }) => id === bench.data)?.name ?? bench.data;
  const forecast = useJob('train.forecast');
  const { choices } = bench;
  const chosen = recipe.value?.recipe;
  const choose = (change: Partial<typeof choices>): void => {
    const next = Object.fromEntries(
      Object.entries({ ...choices, ...change }).filter(([, value]) => value !== undefined),
    );
    put({ choices: next });
  };
  const optimizer = options?.optimizers.find(({ name }) => name === chosen?.optimizer.type);
  const schedule = options?.schedules.find(({ name }) => name === chosen?.schedule.type);
  const changedCount = Object.keys(choices).length;
  return (
    <Columns
      title={t('train.new')}
      left={left}
      leftLabel={t('runs.title')}
      right={
        <>
          {chosen && <RecipeFacts recipe={chosen} why={recipe.value?.why ?? []} images={recipe.value?.images} />}
          <section>
            <h2>{t('forecast.title')}</h2>
            <dl className="facts">
              <dt>{t('forecast.memory')}</dt>
              <dd>{recipe.value ? numbers.bytes(recipe.value.memory.total) : '–'}</dd>
              <dt>
                <Glossed text={t('forecast.steps')} />
              </dt>
              <dd>{recipe.value ? numbers.count(recipe.value.stepsPerEpoch) : '–'}</dd>
              <dt>
                <Glossed text={t('forecast.epoch')} />
              </dt>
              <dd>{forecast.result ? numbers.duration(forecast.result.epochSeconds) : '–'}</dd>
              <dt>{t('forecast.all')}</dt>
              <dd>{forecast.result ? numbers.duration(forecast.result.seconds) : '–'}</dd>
            </dl>
            {forecast.job ? (
              <Progress
                what={t('forecast.measuring')}
                done={forecast.job.progress?.done}
                total={forecast.job.progress?.total}
                onCancel={forecast.cancel}
              />
            ) : (
              <button type="button" className="button spaced" onClick={() => forecast.begin(request)}>
                {t('forecast.measure')}
              </button>
            )}
            {forecast.error && <Trouble message={forecast.error.message} mend={forecast.error.mend} />}
          </section>
        </>
      }
    >
      <div className="head">
        <div>
          <h1>{t('train.new')}</h1>
          <p>{t('train.newHint')}</p>
        </div>
        <button
          type="button"
          className="button first large"
          disabled={busy || !chosen}
          onClick={() => onStart(request)}
        >
          {chosen ? n('train.begin', chosen.epochs) : t('train.beginSoon')}
        </button>
      </div>
      {error && <Trouble message={error.message} mend={error.mend} />}
      {recipe.error && <Trouble message={recipe.error.message} mend={recipe.error.mend} />}
      <dl className="facts bench-facts">
        <dt>
          <Glossed text={t('thread.data')} />
        </dt>
        <dd>
          <Link to={{ view: 'data' }}>{dataName}</Link>
        </dd>
        <dt>
          <Glossed text={t('thread.model')} />
        </dt>
        <dd>
          <Link to={{ view: 'model' }}>{chosen?.modelName ?? '–'}</Link>
        </dd>
      </dl>
      <fieldset className="form">
        <legend>{t('recipe.title')}</legend>
        <OptionField
          name="epochs"
          option={{ type: 'integer', minimum: 1, optional: true, doc: t('recipe.epochs.doc') }}
          value={choices.epochs ?? chosen?.epochs}
          onChange={(value) => choose({ epochs: value as number | undefined })}
        />
        <OptionField
          name="learningRate"
          option={{ type: 'number', minimum: 0, optional: true, doc: t('recipe.learningRate.doc') }}
          value={choices.learningRate ?? chosen?.learningRate}
          onChange={(value) => choose({ learningRate: (value as number) > 0 ? (value as number) : undefined })}
        />
        <OptionField
          name="batch"
          option={{ type: 'integer', minimum: 1, maximum: 65536, optional: true, doc: t('recipe.batch.doc') }}
          value={choices.batch ?? chosen?.batch}
          onChange={(value) => choose({ batch: value as number | undefined })}
        />
        {options && chosen && (
          <SelectField
            label={<code>optimizer</code>}
            hint={optimizer && <Said text={optimizer.doc} />}
            value={chosen.optimizer.type}
            choices={options.optimizers.map(({ name }) => ({ value: name, label: name }))}
            onChange={(type) => choose({ optimizer: { type } })}
          />
        )}
        {optimizer && chosen && (
          <details>
            <summary>{t('recipe.optionsOf', { name: optimizer.name })}</summary>
            <OptionForm
              options={optimizer.options}
              values={chosen.optimizer}
              onChange={(name, value) => choose({ optimizer: { ...chosen.optimizer, [name]: value } })}
            />
          </details>
        )}
        {options && chosen && (
          <SelectField
            label={<code>schedule</code>}
            hint={schedule && <Said text={schedule.doc} />}
            value={chosen.schedule.type}
            choices={options.schedules.map(({ name }) => ({ value: name, label: name }))}
            onChange={(type) => choose({ schedule: { type } })}
          />
        )}
        {schedule && chosen && Object.keys(schedule.options).length > 0 && (
          <details>
            <summary>{t('recipe.optionsOf', { name: schedule.name })}</summary>
            <OptionForm
              options={schedule.options}
              values={chosen.schedule}
              onChange={(name, value) => choose({ schedule: { ...chosen.schedule, [name]: value } })}
            />
          </details>
        )}
        <OptionField
          name="seed"
          option={{ type: 'integer', minimum: 0, optional: true, doc: t('recipe.seed.doc') }}
          value={choices.seed ?? chosen?.seed}
          onChange={(value) => choose({ seed: value as number | undefined })}
        />
      </fieldset>
      <button
        type="button"
        className="button spaced"
        disabled={changedCount === 0}
        onClick={() => put({ choices: {} })}
      >
        {t('recipe.reset')}
      </button>
    </Columns>
  );
}
