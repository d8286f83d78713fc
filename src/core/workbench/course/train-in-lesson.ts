import type { Engine } from '../../backend/backend.ts';
import { parseShorthand } from '../../model/shorthand.ts';
import { type Trained, type TrainOptions, train } from '../train-model.ts';
import type { CourseHost } from './lesson.ts';

export interface LessonTraining extends Omit<TrainOptions, 'engine' | 'model' | 'signal' | 'onEpoch' | 'epochs'> {
  /** In one line; see `parseShorthand`. */
  readonly model: string;
  readonly epochs: number;
  /** What it is called while it goes on, where an experiment has several. */
  readonly name?: string;
}

/** Trains as everywhere, on pictures as they are, with the lesson's progress and its signal. @throws as `train`. */
export const trainInLesson = (
  host: CourseHost,
  engine: Engine,
  { model, epochs, name, ...options }: LessonTraining,
): Promise<Trained> =>
  train({
    augmentation: { version: 2, steps: [] },
    ...options,
    engine,
    model: parseShorthand(model),
    epochs,
    signal: host.signal,
    onEpoch({ epoch }) {
      const what = `${name === undefined ? '' : `${name}: `}epoch ${epoch} of ${epochs}`;
      host.onProgress?.({ done: epoch, total: epochs, what });
    },
  });
