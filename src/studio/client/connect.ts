import { connectStudio } from '../../browser/connect.ts';
import type { StudioClient } from '../../core/workbench/studio/client.ts';

/** The workbench of this page: behind the server that it came from, or in the page itself. */
export const connect = (): StudioClient => connectStudio();
