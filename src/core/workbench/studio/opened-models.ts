import type { Engine } from '../../backend/backend.ts';
import type { Classifier } from '../../classifier/classifier.ts';
import { type ClassifierSession, openClassifier } from '../../classifier/classify.ts';
import { runFiles } from '../run-folder.ts';
import { loadClassifier } from '../test.ts';
import type { StudioHost } from './host.ts';

/** A trained model that answers at once. */
export interface OpenedModel {
  readonly classifier: Classifier;
  /** An engine of its own, with one thread; it holds this model's weights. */
  readonly engine: Engine;
  /** Used by one at a time, with what was compiled for classifying. */
  use<T>(work: (session: ClassifierSession) => Promise<T>): Promise<T>;
}

/**
 * Trained models for clicks: a picture is classified while a training has the machine. Each has a small engine of one
 * thread, so that it waits for nobody; the training loses that thread's share for the milliseconds that it takes.
 */
export interface ModelKeeper {
  /** @param run a run's folder or a model's file. @throws FoveaError where there is no model yet. */
  open(run: string): Promise<OpenedModel>;
  close(): Promise<void>;
}

/** Engines are kept for so many models. */
const most = 3;
/** Pictures a click brings at once. */
const capacity = 16;

interface Kept {
  readonly stamp: string;
  readonly model: Promise<OpenedModel>;
}

export function createModelKeeper(host: StudioHost): ModelKeeper {
  const kept = new Map<string, Kept>();

  const openNow = async (run: string): Promise<OpenedModel> => {
    const classifier = await loadClassifier(host, run);
    const engine = await host.createEngine({ threads: 1 });
    let last: Promise<unknown> = Promise.resolve();
    let session: ClassifierSession;
    try {
      session = await openClassifier(engine, classifier, capacity);
    } catch (error) {
      await engine.dispose();
      throw error;
    }
    return {
      classifier,
      engine,
      use(work) {
        const now = last.then(() => work(session));
        last = now.catch(() => undefined);
        return now;
      },
    };
  };
  /** What changes when a training writes a better model. */
  const stampOf = async (run: string): Promise<string> => {
    const { storage } = host;
    if ((await storage.kind(run)) === 'file') return String(await host.bytesOf(run));
    const text = new TextDecoder().decode(await storage.read(storage.join(run, runFiles.description)));
    const { best, epochsDone, updated } = JSON.parse(text) as {
      best?: { epoch: number };
      epochsDone: number;
      updated: string;
    };
    return best ? `epoch ${best.epoch}` : `${epochsDone} ${updated}`;
  };
  const drop = async (run: string): Promise<void> => {
    const one = kept.get(run);
    kept.delete(run);
    const model = await one?.model.catch(() => undefined);
    // Whoever uses it now comes to his end first.
    await model?.use(() => model.engine.dispose());
  };

  return {
    async open(run) {
      const stamp = await stampOf(run);
      const known = kept.get(run);
      if (known?.stamp === stamp) {
        kept.delete(run);
        kept.set(run, known);
        return known.model;
      }
      if (known) void drop(run).catch(host.report);
      const model = openNow(run);
      kept.set(run, { stamp, model });
      model.catch(() => kept.delete(run));
      for (const [oldest] of kept) {
        if (kept.size <= most) break;
        void drop(oldest).catch(host.report);
      }
      return model;
    },
    async close() {
      await Promise.all([...kept.keys()].map(drop));
    },
  };
}
