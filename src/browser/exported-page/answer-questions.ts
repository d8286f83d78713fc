// The worker of an exported page: the model, the engine, and all that decodes pictures. It is written into the page and
// started from there, so it loads nothing.
import type { Engine } from '../../core/backend/backend.ts';
import { createWasmEngine } from '../../core/backend/wasm.ts';
import { isUnknown } from '../../core/classifier/calibration.ts';
import type { Classifier } from '../../core/classifier/classifier.ts';
import { type ClassifierSession, openClassifier } from '../../core/classifier/classify.ts';
import { readClassifier } from '../../core/classifier/file.ts';
import { quickHeatmap } from '../../core/explain/heatmap.ts';
import { type Explainer, openExplainer, type PreparedPicture } from '../../core/explain/session.ts';
import { fromBase64 } from '../../core/formats/base64.ts';
import { withChannels } from '../../core/image/channels.ts';
import type { Picture } from '../../core/image/picture.ts';
import { summarize } from '../../core/model/summary.ts';
import { readPicture } from '../read-picture.ts';
import type { Answers, HeatmapAnswer, ModelFacts, PictureAnswer, Question, Reply, ShownPixels } from './messages.ts';
import { overlayOf } from './overlay.ts';

interface Opened {
  readonly classifier: Classifier;
  readonly session: ClassifierSession;
  readonly engine: Engine;
  /** Made when the first heatmap is asked for; its weights take the place of no others, being the same. */
  explainer?: Explainer;
}

let opened: Opened | undefined;
let last: { readonly turn: number; readonly picture: Picture; prepared?: PreparedPicture } | undefined;
let turns = 0;

const answers: { [K in keyof Answers]: (question: Extract<Question, { kind: K }>) => Promise<Answers[K]> } = {
  async open({ model, kernels }): Promise<ModelFacts> {
    const classifier = readClassifier(fromBase64(model), 'this page');
    const loadKernels = () => WebAssembly.compile(fromBase64(kernels));
    const engine = await createWasmEngine({ loadKernels }, { threads: 1 });
    opened = { classifier, engine, session: await openClassifier(engine, classifier, 1) };
    const { model: spec, classNames, preprocessing, calibration } = classifier;
    return {
      name: spec.name ?? 'a model',
      classNames,
      input: spec.input,
      fit: preprocessing.fit,
      mean: preprocessing.mean,
      parameters: summarize(spec).parameters,
      threshold: calibration?.rejection?.threshold,
      calibrated: calibration?.temperature !== undefined,
    };
  },

  async classify({ source }): Promise<PictureAnswer> {
    const { classifier, session } = theModel();
    const picture = await readPicture(source, classifier.model.input[2] as 1 | 3);
    const start = performance.now();
    const [all] = await session.classify([picture]);
    const milliseconds = performance.now() - start;
    const turn = ++turns;
    last = { turn, picture };
    const unknown = isUnknown(classifier.calibration, all[0].probability);
    return { all, unknown, seen: shown(explainer().prepare(picture).picture), milliseconds, turn };
  },

  async heatmap({ turn, target }): Promise<HeatmapAnswer> {
    if (last?.turn !== turn) throw new Error('Another picture came in between.');
    last.prepared ??= explainer().prepare(last.picture);
    return overlayOf(await quickHeatmap(explainer(), last.prepared, target));
  },
};

function theModel(): Opened {
  if (!opened) throw new Error('The model is not open.');
  return opened;
}

function explainer(): Explainer {
  const model = theModel();
  model.explainer ??= openExplainer(model.engine, model.classifier);
  return model.explainer;
}

function shown(picture: Picture): ShownPixels {
  const { width, height, data } = withChannels(picture, 3);
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) rgba.set([data[3 * i], data[3 * i + 1], data[3 * i + 2], 255], 4 * i);
  return { width, height, rgba };
}

let before: Promise<unknown> = Promise.resolve();
self.addEventListener('message', ({ data }: MessageEvent<{ number: number; question: Question }>) => {
  const { number, question } = data;
  // One after the other: an engine runs one program at a time.
  before = before.then(async () => {
    const reply = (message: Reply): void => self.postMessage(message);
    try {
      reply({ number, answer: await answers[question.kind](question as never) });
    } catch (error) {
      reply({ number, error: (error as Error).message });
    } finally {
      if (question.kind === 'classify' && question.source instanceof ImageBitmap) question.source.close();
    }
  });
});
