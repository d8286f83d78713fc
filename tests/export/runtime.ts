import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));

/**
 * Whether onnxruntime-node is at hand, installed in this folder (`npm ci --prefix tests/export`); says why not. With
 * FOVEA_EXPORT_TESTS=required its absence is an error.
 */
export function hasOnnxruntime(): boolean {
  process.env.FOVEA_ONNXRUNTIME ??= folder;
  if (existsSync(`${process.env.FOVEA_ONNXRUNTIME}/node_modules/onnxruntime-node/package.json`)) return true;
  const reason = 'no onnxruntime-node (npm ci --prefix tests/export installs it, 290 MB)';
  if (process.env.FOVEA_EXPORT_TESTS === 'required') throw new Error(`FOVEA_EXPORT_TESTS is required, but ${reason}`);
  console.warn(`skipped: ${reason}`);
  return false;
}
