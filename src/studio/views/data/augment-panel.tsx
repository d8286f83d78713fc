import { type ReactNode, useDeferredValue, useEffect, useRef } from 'react';
import type { AugmentationStep } from '../../../core/image/augmentation-spec.ts';
import type { ResultOf } from '../../../core/workbench/studio/index.ts';
import { useBench } from '../../bench/bench.tsx';
import { useAnswer } from '../../client/use-client.tsx';
import { OptionForm } from '../../controls/option-form.tsx';
import { Said } from '../../parts/said.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';

const pictures = 6;
const epochs = 7;

/** Pictures as training will see them, changing with every slider. */
export function AugmentPanel({ data, version }: { readonly data: string; readonly version: string }): ReactNode {
  const { t } = useWords();
  const { bench, put } = useBench();
  const kinds = useAnswer('augment.list', {}).value?.kinds ?? [];
  const page = useAnswer('data.page', { data, part: 'train', limit: 0 });
  const all = page.value?.ids;
  // From all over the data: the first ones are often of one class.
  const ids = all
    ? Array.from(
        { length: Math.min(pictures, all.length) },
        (_, i) => all[(Math.floor((i * all.length) / pictures) + i) % all.length],
      )
    : [];
  const augmentation = useDeferredValue(bench.augmentation);
  const preview = useAnswer(
    'augment.preview',
    ids.length === 0 ? undefined : ({ data, ids, epochs, ...(augmentation ? { augmentation } : {}) } as never),
  );
  const steps = stepsOf(bench.augmentation ?? preview.value?.augmentation);
  const set = (next: readonly AugmentationStep[]): void => put({ augmentation: { version: 2, steps: next } });
  const free = kinds.filter(({ name }) => !steps.some(({ type }) => type === name));
  return (
    <div className="augment" key={version}>
      <div>
        {preview.error && <Trouble message={preview.error.message} mend={preview.error.mend} />}
        {preview.value && <Sheet preview={preview.value} label={t('augment.sheet')} />}
        <p className="soft spaced prose" role="status">
          <Said text={preview.value?.why ?? preview.value?.text ?? ''} /> {t('augment.sheetText')}
        </p>
        {preview.value?.warnings.map((warning) => (
          <p className="is-warning prose" key={warning}>
            <Said text={warning} />
          </p>
        ))}
      </div>
      <div className="form">
        {steps.map((step, i) => {
          const kind = kinds.find(({ name }) => name === step.type);
          return (
            <section className="card" key={step.type}>
              <div className="row between">
                <h3 className="mono">{step.type}</h3>
                <button type="button" className="button plain" onClick={() => set(steps.filter((_, at) => at !== i))}>
                  {t('augment.remove', { name: step.type })}
                </button>
              </div>
              {kind && (
                <>
                  <p className="small soft">
                    <Said text={kind.doc} />
                  </p>
                  <OptionForm
                    options={kind.options}
                    values={step}
                    onChange={(option, value) =>
                      set(steps.map((one, at) => (at === i ? { ...one, [option]: value } : one)))
                    }
                  />
                </>
              )}
            </section>
          );
        })}
        <div className="row spaced">
          <select
            className="fit"
            aria-label={t('augment.add')}
            value=""
            onChange={(event) => event.target.value && set([...steps, { type: event.target.value }])}
          >
            <option value="">{t('augment.add')}</option>
            {free.map(({ name, doc }) => (
              <option key={name} value={name} title={doc}>
                {name}
              </option>
            ))}
          </select>
          <button
            type="button"
            className="button"
            disabled={bench.augmentation === undefined}
            onClick={() => put({ augmentation: undefined })}
          >
            {t('augment.reset')}
          </button>
        </div>
      </div>
    </div>
  );
}

/** Either form of an augmentation as steps. */
function stepsOf(augmentation: ResultOf<'augment.preview'>['augmentation'] | undefined): readonly AugmentationStep[] {
  if (!augmentation) return [];
  if ('steps' in augmentation) return augmentation.steps;
  const { crop, flip } = augmentation;
  return [...(crop ? [{ type: 'crop', padding: crop }] : []), ...(flip ? [{ type: 'flip' }] : [])];
}

const cell = 72;
const gap = 4;

/** A row for each picture: as it is, then as the first epochs see it. */
function Sheet({
  preview,
  label,
}: {
  readonly preview: ResultOf<'augment.preview'>;
  readonly label: string;
}): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { pixels, count, height, width, channels } = preview;
  const columns = preview.epochs + 1;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const small = document.createElement('canvas');
    small.width = width;
    small.height = height;
    const smallContext = small.getContext('2d') as CanvasRenderingContext2D;
    context.clearRect(0, 0, columns * (cell + gap), count * (cell + gap));
    context.imageSmoothingEnabled = width > cell;
    const data = smallContext.createImageData(width, height);
    for (let i = 0; i < count * columns; i++) {
      for (let p = 0; p < width * height; p++) {
        const from = (i * width * height + p) * channels;
        for (let c = 0; c < 3; c++) data.data[4 * p + c] = pixels[from + Math.min(c, channels - 1)];
        data.data[4 * p + 3] = 255;
      }
      smallContext.putImageData(data, 0, 0);
      const column = i % columns;
      const x = column * (cell + gap) + (column > 0 ? gap * 2 : 0);
      context.drawImage(small, x, Math.floor(i / columns) * (cell + gap), cell, cell);
    }
  }, [pixels, count, columns, width, height, channels]);
  return (
    <canvas
      ref={canvas}
      className="sheet"
      role="img"
      aria-label={label}
      width={columns * (cell + gap) + gap * 2}
      height={count * (cell + gap)}
    />
  );
}
