import type { CommandDefinition } from '../command.ts';
import { bench } from './bench.ts';
import { calibrate } from './calibrate.ts';
import { classify } from './classify.ts';
import { dataAdd } from './data-add.ts';
import { dataAugment } from './data-augment.ts';
import { dataDoctor } from './data-doctor.ts';
import { dataFix } from './data-fix.ts';
import { dataGet } from './data-get.ts';
import { dataPrepare } from './data-prepare.ts';
import { dataShow } from './data-show.ts';
import { dataSplit } from './data-split.ts';
import { dataSuspects } from './data-suspects.ts';
import { diagnose } from './diagnose.ts';
import { explain } from './explain.ts';
import { exportCommand } from './export.ts';
import { label } from './label.ts';
import { learn } from './learn.ts';
import { lrFind } from './lr-find.ts';
import { modelCompare } from './model-compare.ts';
import { modelConvert } from './model-convert.ts';
import { modelImport } from './model-import.ts';
import { modelSchema } from './model-schema.ts';
import { modelShow } from './model-show.ts';
import { modelList } from './models.ts';
import { projectAdd, projectNew, projectShow } from './project.ts';
import { projectExport, projectOpen } from './project-file.ts';
import { recipeList } from './recipe-list.ts';
import { recipeShow } from './recipe-show.ts';
import { report } from './report.ts';
import { reproduce } from './reproduce.ts';
import { runs } from './runs.ts';
import { runsBring } from './runs-bring.ts';
import { runsCompare } from './runs-compare.ts';
import { runsExport } from './runs-export.ts';
import { runsShow } from './runs-show.ts';
import { runsTake } from './runs-take.ts';
import { serve } from './serve.ts';
import { start } from './start.ts';
import { studio } from './studio.ts';
import { sweep } from './sweep.ts';
import { test } from './test.ts';
import { train } from './train.ts';

/** THE LIST of commands, in the order in which a person needs them. */
export const commands: readonly CommandDefinition[] = [
  start,
  studio,
  learn,
  train,
  test,
  report,
  calibrate,
  classify,
  explain,
  runs,
  runsShow,
  runsCompare,
  runsExport,
  runsTake,
  runsBring,
  reproduce,
  diagnose,
  recipeList,
  recipeShow,
  lrFind,
  sweep,
  exportCommand,
  serve,
  dataShow,
  dataGet,
  dataPrepare,
  dataDoctor,
  dataSuspects,
  dataFix,
  dataSplit,
  dataAdd,
  dataAugment,
  label,
  projectNew,
  projectAdd,
  projectShow,
  projectExport,
  projectOpen,
  modelList,
  modelShow,
  modelCompare,
  modelSchema,
  modelImport,
  modelConvert,
  bench,
];
