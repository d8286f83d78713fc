import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Classifier, createClassifier } from '../../src/core/classifier/classifier.ts';
import { writeClassifier } from '../../src/core/classifier/file.ts';
import { generateDigits } from '../../src/core/dataset/builtin/digits.ts';
import { pictureAt } from '../../src/core/dataset/dataset.ts';
import type { Picture } from '../../src/core/image/picture.ts';
import { buildPreset } from '../../src/core/model/presets/index.ts';
import type { Adapters } from '../../src/core/workbench/adapters.ts';
import { nodeAdapters } from '../../src/node/adapters.ts';
import { encodePng } from '../../src/node/encode.ts';
import { type ServeOptions, type Serving, startServing } from '../../src/server/serving/serve.ts';
import { sampleClassifier } from '../export/sample-classifier.ts';

/** A LeNet of ten digits whose answers differ between pictures, written to a file. */
export async function writeModel(file: string, classNames?: readonly string[]): Promise<Classifier> {
  const model = buildPreset('lenet5', { input: [28, 28, 1], classes: 10 });
  const { preprocessing, weights } = await sampleClassifier(model);
  const names = classNames ?? Array.from({ length: 10 }, (_, i) => String(i));
  const classifier = createClassifier({ model, weights, preprocessing, classNames: names });
  writeFileSync(file, writeClassifier(classifier));
  return classifier;
}

export const digitPictures = (count: number): Picture[] => {
  const { test } = generateDigits({ train: 1, test: count, seed: 4 });
  return Array.from({ length: count }, (_, i) => pictureAt(test!, i));
};

export const asPng = (pictures: readonly Picture[]): Promise<Uint8Array[]> =>
  Promise.all(pictures.map((picture) => encodePng(picture)));

/** Serves on a free port; what it notes is kept. */
export async function serveHere(
  options: Omit<ServeOptions, 'port'>,
  adapters: Adapters = nodeAdapters,
): Promise<Serving & { readonly notes: string[] }> {
  const notes: string[] = [];
  const serving = await startServing(adapters, { port: 0, onNote: (text) => notes.push(text), ...options });
  return { ...serving, notes };
}

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever JSON comes
  readonly json: any;
}

export async function ask(address: string, path: string, init?: RequestInit): Promise<Told> {
  const response = await fetch(`${address}${path}`, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return { status: response.status, headers: response.headers, json: isJson ? JSON.parse(text) : text };
}

export const post = (
  body: RequestInit['body'] | Uint8Array,
  type?: string,
  headers: Record<string, string> = {},
): RequestInit => ({
  method: 'POST',
  body: body as RequestInit['body'],
  headers: { ...(type ? { 'content-type': type } : {}), ...headers },
});

export const modelFile = (folder: string, name = 'digits.v1'): string => join(folder, `${name}.safetensors`);
