import type { Finding } from '../dataset/findings.ts';
import type { ModelSpec } from '../model/spec.ts';
import { summarize } from '../model/summary.ts';
import type { Finding as Diagnosed } from '../train/diagnosis/finding.ts';
import type { EpochRecord } from '../train/history.ts';
import type { Adapters } from './adapters.ts';
import { diagnoseRun } from './diagnose-run.ts';
import { examineData } from './doctor.ts';
import { loadClassifier } from './load-classifier.ts';
import { openRunFolder, type RunDescription } from './run-folder.ts';
import type { TestOutcome } from './test.ts';
import { isRunFolder, readTest } from './test-file.ts';
import type { VerbOptions } from './verb.ts';

export interface ReportRequest {
  /** A run's folder; or, with `test`, a model's file. */
  readonly run: string;
  /** What a test found; default what the last test of the run left in its folder. */
  readonly test?: TestOutcome;
  /** Also looks at all data for what is wrong with them; takes as long as reading them. */
  readonly doctor?: boolean;
  /** What the page calls the run and its data, in words and in commands; default where they lie. */
  readonly called?: { readonly run: string; readonly data: string };
}

/** Everything that a report shows, as data: whoever draws it computes nothing. */
export interface ReportContent {
  readonly test: TestOutcome;
  /** Undefined where a model's file was tested. */
  readonly run: RunDescription | undefined;
  readonly history: readonly EpochRecord[];
  readonly model: { readonly name: string; readonly spec: ModelSpec; readonly macs: number; readonly svg: string };
  /** What the curves and layers of the training say. */
  readonly diagnosis: readonly Diagnosed[];
  /** What is wrong with the data, the worst first; undefined where nobody looked. */
  readonly findings: readonly Finding[] | undefined;
  /** Data URIs by origin; pictures that cannot be read are left out. */
  readonly pictures: ReadonlyMap<string, string>;
}

/** Gathers what a report shows. No test picture is run: that a test was looked at again is no new look. @throws FoveaError. */
export async function gatherReport(
  adapters: Adapters,
  request: ReportRequest,
  options: VerbOptions = {},
): Promise<ReportContent> {
  const { run: path, called } = request;
  const test = request.test ?? (await readTest(adapters, path));
  const classifier = await loadClassifier(adapters, path);
  const folder = (await isRunFolder(adapters.storage, path)) ? openRunFolder(adapters.storage, path) : undefined;
  const run = await folder?.readDescription();
  const history = (await folder?.readHistory()) ?? [];
  const diagnosis = folder ? (await diagnoseRun(adapters, { run: path, called })).diagnosis : [];
  const summary = summarize(classifier.model);
  const { modelSvg } = await import('./picture/svg.ts');
  const svg = await modelSvg(classifier.model, summary, test.model);
  const { signal, onEvent } = options;
  const pictures = await adapters.thumbnails(test.data, shownOrigins(test), {
    signal,
    onProgress: ({ done, total }) => onEvent?.({ kind: 'reading', done, total }),
  });
  const findings = request.doctor ? (await examineData(adapters, { data: test.data }, options)).findings : undefined;
  const model = { name: test.model, spec: classifier.model, macs: summary.macs, svg };
  const gathered = { test, run, history, model, diagnosis, findings, pictures };
  return called ? renamed(gathered, called) : gathered;
}

/** The same by other names. Runs that it was compared with keep theirs. */
function renamed(content: ReportContent, { run: name, data }: { run: string; data: string }): ReportContent {
  const { test, run } = content;
  return {
    ...content,
    test: { ...test, run: name, data },
    run: run && { ...run, data: { ...run.data, source: data } },
  };
}

/** Test pictures that a report shows. */
function shownOrigins({ errors, others }: TestOutcome): string[] {
  const shown = [
    ...errors.highestLosses,
    ...errors.surestMistakes,
    ...errors.confused.flatMap(({ pictures }) => pictures),
    ...others.flatMap(({ comparison }) => [...comparison.onlyFirstPictures, ...comparison.onlySecondPictures]),
  ];
  return [...new Set(shown.map(({ origin }) => origin))];
}
