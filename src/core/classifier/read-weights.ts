import { FoveaError } from '../errors.ts';
import { readSafetensors } from '../formats/safetensors.ts';
import type { OpenedWeights } from '../model/opened-weights.ts';
import { readClassifier } from './file.ts';

/** How PyTorch's own files begin: a zip archive, or a pickle. */
const isPickled = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] < 9) || (bytes[0] === 0x80 && bytes[1] <= 5);

/**
 * Weights from a .safetensors file: Fovea's own, with its model, or a bare `state_dict`. Nothing else is read, above all
 * no pickle, which can run any program when it is opened.
 *
 * @param name the file's name, for errors and the record. @throws FoveaError for anything that is no such file.
 */
export async function readWeights(bytes: Uint8Array, name: string): Promise<OpenedWeights> {
  if (/\.(pth?|ckpt|bin|pkl)$/i.test(name) || isPickled(bytes)) {
    throw new FoveaError(
      `Expected a .safetensors file for the weights but received '${name}', which PyTorch pickled: opening it could run any program`,
      `npx fovea model convert '${name.replace(/'/g, '')}' says how to make one of it`,
    );
  }
  const { tensors, metadata } = readSafetensors(bytes, name);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  const hash = `sha256:${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  const opened = { source: name, hash, tensors };
  if (metadata['fovea.format'] === undefined) return opened;
  const { model, classNames, preprocessing } = readClassifier(bytes, name);
  const { mean, std } = preprocessing;
  return { ...opened, model, classNames, normalisation: { mean, std } };
}
