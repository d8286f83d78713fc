import type { Engine } from '../backend/backend.ts';
import type { Adapters } from './adapters.ts';

/** Does something with an engine and disposes of it, whatever comes. */
export async function withEngine<T>(
  adapters: Adapters,
  threads: number | undefined,
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await adapters.createEngine({ threads });
  try {
    return await use(engine);
  } finally {
    await engine.dispose();
  }
}
