import { createHttpClient } from '../../browser/http-client.ts';
import type { StudioClient } from '../../core/workbench/studio/client.ts';

/** The workbench of this page: behind the server that it came from. */
export const connect = (): StudioClient => createHttpClient();
