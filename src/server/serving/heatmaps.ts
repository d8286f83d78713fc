import type { Engine } from '../../core/backend/backend.ts';
import type { Classifier } from '../../core/classifier/classifier.ts';
import { drawPanel } from '../../core/explain/draw/draw.ts';
import { gradCam } from '../../core/explain/methods/gradCam.ts';
import { type Explainer, openExplainer } from '../../core/explain/session.ts';
import type { Picture } from '../../core/image/picture.ts';
import type { Adapters } from '../../core/workbench/adapters.ts';
import { encodePng } from '../../node/encode.ts';

/** A picture as PNG, as JSON carries it. */
export interface HeatmapAnswer {
  readonly type: 'image/png';
  /** The class whose evidence it shows. */
  readonly class: string;
  /** Base64. */
  readonly data: string;
}

/** Shows where a model found what speaks for its answer (Grad-CAM), laid over the picture at the model's size. */
export interface Heatmaps {
  of(by: Classifier, picture: Picture): Promise<HeatmapAnswer>;
  close(): Promise<void>;
}

/** On an engine of one thread of its own, started when first asked: classifying goes on beside it. One at a time. */
export function createHeatmaps(adapters: Adapters): Heatmaps {
  let opened: { readonly by: Classifier; readonly engine: Engine; readonly explainer: Explainer } | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const openFor = async (by: Classifier): Promise<Explainer> => {
    if (opened?.by === by) return opened.explainer;
    await opened?.engine.dispose();
    opened = undefined;
    const engine = await adapters.createEngine({ threads: 1 });
    opened = { by, engine, explainer: openExplainer(engine, by) };
    return opened.explainer;
  };
  const draw = async (by: Classifier, picture: Picture): Promise<HeatmapAnswer> => {
    const explainer = await openFor(by);
    try {
      const prepared = explainer.prepare(picture);
      const target = await explainer.predict(prepared);
      const { panels } = await gradCam.run(explainer, prepared, { target });
      const map = panels.find((panel) => panel.kind === 'values' && panel.over) ?? panels[0];
      const png = await encodePng(drawPanel(map, 4));
      return { type: 'image/png', class: by.classNames[target], data: Buffer.from(png).toString('base64') };
    } catch (error) {
      // What failed may have left its engine dead; the next is asked of a new one.
      await opened?.engine.dispose();
      opened = undefined;
      throw error;
    }
  };
  return {
    of(by, picture) {
      const next = last.then(() => draw(by, picture));
      last = next.catch(() => undefined);
      return next;
    },
    async close() {
      await last;
      await opened?.engine.dispose();
      opened = undefined;
    },
  };
}
