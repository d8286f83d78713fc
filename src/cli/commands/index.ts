import type { CommandDefinition } from '../command.ts';
import { bench } from './bench.ts';
import { classify } from './classify.ts';
import { dataShow } from './data-show.ts';
import { modelList, modelShow } from './models.ts';
import { runs } from './runs.ts';
import { start } from './start.ts';
import { test } from './test.ts';
import { train } from './train.ts';

/** THE LIST of commands, in the order in which a person needs them. */
export const commands: readonly CommandDefinition[] = [
  start,
  train,
  test,
  classify,
  runs,
  dataShow,
  modelList,
  modelShow,
  bench,
];
