import type { Engine } from '../../backend/backend.ts';
import { withEngine as withEngineOf } from '../with-engine.ts';
import type { CourseHost } from './lesson.ts';

/** Does something with an engine of as many threads as the host has, and disposes of it, whatever comes. */
export const withEngine = <T>(host: CourseHost, use: (engine: Engine) => Promise<T>): Promise<T> =>
  withEngineOf(host, undefined, use);
