import { readFile } from 'node:fs/promises';
import { FoveaError } from '../core/errors.ts';

/** From `src/node`, `dist/node` and the bundle in `dist/cli` alike: what the build made. */
export const built = (path: string): URL => new URL(`../../dist/${path}`, import.meta.url);

/** The bytes of the kernels for shared memory, as turbo compiles them. @throws FoveaError when they were not built. */
export function readTurboKernels(): Promise<Uint8Array> {
  return told('-turbo', (file) => readFile(file));
}

/** The kernels for shared memory (`true`) or not, compiled. @throws FoveaError when they were not built. */
export function loadKernels(shared: boolean): Promise<WebAssembly.Module> {
  return told(shared ? '-threads' : '', async (file) => WebAssembly.compile(await readFile(file)));
}

/** A part that exports take along. @throws FoveaError when it was not built. */
export function readBuilt(name: 'page.html' | 'node-lock.json'): Promise<Uint8Array> {
  return found('a part of exports', built(`embed/${name}`), (file) => readFile(file));
}

function told<T>(variant: string, work: (file: URL) => Promise<T>): Promise<T> {
  return found("the engine's kernels", built(`kernels/kernels${variant}.wasm`), work);
}

async function found<T>(what: string, file: URL, work: (file: URL) => Promise<T>): Promise<T> {
  try {
    return await work(file);
  } catch (error) {
    throw new FoveaError(
      `Expected ${what} in ${file.pathname} but received ${(error as Error).message}`,
      "Run 'npm run build'",
    );
  }
}
