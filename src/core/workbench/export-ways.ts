import { createWasmEngine } from '../backend/wasm.ts';
import type { Classifier } from '../classifier/classifier.ts';
import { openClassifier } from '../classifier/classify.ts';
import { readClassifier, writeClassifier } from '../classifier/file.ts';
import { mismatch } from '../errors.ts';
import { exportNodeFolder } from '../export/node-folder.ts';
import { exportOnnx, onnxNames } from '../export/onnx/export-onnx.ts';
import { exportPage, pageParts } from '../export/page.ts';
import { pixelsOf } from '../export/pictures.ts';
import { exportPytorch } from '../export/pytorch/export-pytorch.ts';
import type { Adapters } from './adapters.ts';
import type { ExportRequest } from './export.ts';
import type { ExportTarget } from './export-targets.ts';
import { engineLogits, type ProofPictures, proofPictures, type RunElsewhere } from './prove.ts';
import { type OnnxUse, runOnnx } from './run-onnx.ts';

/** A model as it would be written, and how it is run there. */
export interface WayOut {
  readonly gives: OnnxUse['gives'];
  /** Path and content, the one that was asked for first. */
  readonly files: readonly (readonly [path: string, content: Uint8Array])[];
  /** `out` is a folder, and the files lie in it. */
  readonly folder?: true;
  /** Nothing but the network: the views of a picture by which the classifier answers are left to who runs it. */
  readonly network?: true;
  /** Runs it on pictures. @returns logits, or probabilities. */
  run(pictures: ProofPictures, signal: AbortSignal | undefined): Promise<RunElsewhere>;
}

type Way = (adapters: Adapters, classifier: Classifier, request: ExportRequest) => Promise<WayOut>;

/** THE LIST of ways, one for each target. */
export const exportWays: Readonly<Record<ExportTarget, Way>> = {
  async onnx(adapters, classifier, request) {
    const bytes = exportOnnx(classifier, request);
    const gives = request.softmax ? 'probabilities' : 'logits';
    const use: OnnxUse = {
      names: onnxNames(request),
      gives,
      type: request.withPreprocessing ? 'uint8' : 'float32',
      layout: request.withPreprocessing ? 'nhwc' : 'nchw',
      normalisation: classifier.preprocessing,
    };
    return {
      gives,
      network: true,
      files: [[request.out, bytes]],
      run: (pictures) => runOnnx(adapters, bytes, use, pictures),
    };
  },

  async safetensors(adapters, classifier, { out, threads }) {
    const bytes = writeClassifier(classifier);
    return { gives: 'logits', files: [[out, bytes]], run: readBack(adapters, bytes, out, threads) };
  },

  async pytorch(adapters, classifier, { out }) {
    const weightsFile = out.replace(/\.py$/i, '.safetensors');
    const { source, weights } = exportPytorch(classifier, baseName(weightsFile));
    const code = new TextEncoder().encode(source);
    const files = { code, weights, weightsFile: baseName(weightsFile) };
    return {
      gives: 'logits',
      network: true,
      files: [
        [out, code],
        [weightsFile, weights],
      ],
      run: async ({ pictures }, signal) =>
        (await adapters.runPytorch?.(files, pixelsOf(pictures), pictures.length, signal)) ?? {
          missing: 'PyTorch cannot be run here',
        },
    };
  },

  async page(adapters, classifier, { run, out }) {
    const template = new TextDecoder().decode(await part(adapters, 'page.html'));
    const html = exportPage(classifier, template, titleOf(adapters, run, classifier));
    return {
      gives: 'logits',
      files: [[out, new TextEncoder().encode(html)]],
      // The model and the kernels that stand in the page, not those that went into it.
      async run({ pictures }) {
        const { model, kernels } = pageParts(html);
        const engine = await createWasmEngine({ loadKernels: () => WebAssembly.compile(kernels) }, { threads: 1 });
        try {
          const values = await (await openClassifier(engine, readClassifier(model, out), 1)).logits(pictures);
          return { runtime: "the page's own kernels", values };
        } finally {
          await engine.dispose();
        }
      },
    };
  },

  async node(adapters, classifier, { run, out, data, threads, package: packed }) {
    if (!adapters.encodePng) throw cannot('a folder for Node');
    const { storage } = adapters;
    const lock = JSON.parse(new TextDecoder().decode(await part(adapters, 'node-lock.json')));
    const {
      pictures: [picture],
    } = await proofPictures(adapters, classifier, data, undefined);
    const files = exportNodeFolder(classifier, {
      name: titleOf(adapters, run, classifier),
      lock,
      example: await adapters.encodePng(picture),
      from: packed === undefined ? undefined : { file: baseName(packed), bytes: await storage.read(packed) },
    });
    const model = files.get('model.safetensors') as Uint8Array;
    return {
      gives: 'logits',
      folder: true,
      files: [...files].map(([name, content]) => [storage.join(out, name), content] as const),
      run: readBack(adapters, model, 'model.safetensors', threads),
    };
  },
};

const readBack =
  (adapters: Adapters, bytes: Uint8Array, file: string, threads: number | undefined): WayOut['run'] =>
  async ({ pictures }) => ({
    runtime: "Fovea's own reader and engine",
    values: await engineLogits(adapters, readClassifier(bytes, file), pictures, threads),
  });

const part = (adapters: Adapters, name: 'page.html' | 'node-lock.json'): Promise<Uint8Array> => {
  if (!adapters.readBuilt) throw cannot(name === 'page.html' ? 'a page' : 'a folder for Node');
  return adapters.readBuilt(name);
};

const cannot = (what: string) =>
  mismatch('Fovea on Node', `an export to ${what}`, 'a host without the parts for it', 'Use the command fovea export');

/** The name after the last folder, on any system. */
export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** How people know the model: its run's folder or its file. */
const titleOf = ({ storage }: Adapters, run: string, { model }: Classifier): string =>
  baseName(storage.absolute(run)).replace(/\.(safetensors|onnx)$/i, '') || model.name || 'A classifier';
