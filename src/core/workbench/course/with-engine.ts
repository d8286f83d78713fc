import type { Engine } from '../../backend/backend.ts';
import { type Trained, type TrainOptions, train } from '../train-model.ts';
import type { CourseHost } from './lesson.ts';

/** Lends an engine and disposes of it, whatever happens. */
export async function withEngine<T>(host: CourseHost, use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await host.createEngine();
  try {
    return await use(engine);
  } finally {
    await engine.dispose();
  }
}

type Settings = Omit<TrainOptions, 'engine' | 'signal' | 'onEpoch' | 'epochs'> & {
  readonly epochs: number;
  /** Named in the progress, where an experiment trains more than one network. */
  readonly what?: string;
};

/**
 * Trains by plain settings, so that a curve shows what the lesson is about and nothing else: Adam at one learning rate,
 * batches of 32, pictures as they are. It tells each epoch and stops at the host's signal.
 */
export function trainPlainly(host: CourseHost, engine: Engine, settings: Settings): Promise<Trained> {
  const { what, ...options } = settings;
  const { epochs } = options;
  const name = what === undefined ? '' : `${what}: `;
  return train({
    optimizer: 'adam',
    learningRate: 0.002,
    schedule: { type: 'constant' },
    warmup: 0,
    batch: 32,
    augmentation: {},
    ...options,
    engine,
    signal: host.signal,
    onEpoch: ({ epoch }) =>
      host.onProgress?.({ done: epoch, total: epochs, what: `${name}epoch ${epoch} of ${epochs}` }),
  });
}
