import type { RequestOf, ResultOf } from '../../../core/workbench/studio/index.ts';
import type { ExplainedPlace } from './address.ts';

/** Which run and which picture every question of the view is about. */
export type Asked = RequestOf<'explain.open'>;
/** The same as steps of the address. */
export type At = Pick<ExplainedPlace, 'run' | 'data' | 'picture'>;
export type Opened = ResultOf<'explain.open'>;
export type Layer = Opened['layers'][number];
