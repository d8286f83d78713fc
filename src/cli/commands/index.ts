import type { CommandDefinition } from '../command.ts';
import { bench } from './bench.ts';
import { classify } from './classify.ts';
import { dataAugment } from './data-augment.ts';
import { dataDoctor } from './data-doctor.ts';
import { dataFix } from './data-fix.ts';
import { dataGet } from './data-get.ts';
import { dataShow } from './data-show.ts';
import { dataSplit } from './data-split.ts';
import { modelConvert } from './model-convert.ts';
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
  dataGet,
  dataDoctor,
  dataFix,
  dataSplit,
  dataAugment,
  modelList,
  modelShow,
  modelConvert,
  bench,
];
