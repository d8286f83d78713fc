import type { Engine } from '../backend/backend.ts';
import type { Adapters } from './adapters.ts';

/** Does something with an engine and disposes of it, whatever comes. */
export async function withEngine<T>(
  host: Pick<Adapters, 'createEngine'>,
  threads: number | undefined,
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await host.createEngine({ threads });
  try {
    return await use(engine);
  } finally {
    await engine.dispose();
  }
}
