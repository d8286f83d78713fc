import type { Engine } from '../../backend/backend.ts';
import type { CourseHost } from './lesson.ts';

/** Does something with an engine and disposes of it, whatever comes. */
export async function withEngine<T>(host: CourseHost, use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await host.createEngine();
  try {
    return await use(engine);
  } finally {
    await engine.dispose();
  }
}
