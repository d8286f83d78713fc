import type { Engine } from '../../backend/backend.ts';
import type { Classifier } from '../../classifier/classifier.ts';
import { type ClassifierSession, openClassifier } from '../../classifier/classify.ts';
import { loadClassifier } from '../test.ts';
import type { StudioHost } from './host.ts';
import { keepByRun } from './kept-by-run.ts';

/** A trained model that answers at once. */
export interface OpenedModel {
  readonly classifier: Classifier;
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

interface Held {
  readonly classifier: Classifier;
  readonly engine: Engine;
  readonly session: ClassifierSession;
}

export function createModelKeeper(host: StudioHost): ModelKeeper {
  const openNow = async (run: string): Promise<Held> => {
    const classifier = await loadClassifier(host, run);
    const engine = await host.createEngine({ threads: 1 });
    try {
      return { classifier, engine, session: await openClassifier(engine, classifier, capacity) };
    } catch (error) {
      await engine.dispose();
      throw error;
    }
  };
  const kept = keepByRun(host, most, openNow, ({ engine }) => engine.dispose());
  return {
    async open(run) {
      const { value, use } = await kept.open(run);
      return { classifier: value.classifier, use: (work) => use(({ session }) => work(session)) };
    },
    close: () => kept.close(),
  };
}
