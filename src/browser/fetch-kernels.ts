import { mismatch } from '../core/errors.ts';

/** @throws FoveaError when there are no kernels at the address. */
export async function fetchKernels(address: URL): Promise<WebAssembly.Module> {
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`status ${response.status}`);
    // Not by streaming, which needs a server that knows the media type of .wasm.
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    throw mismatch(
      "the engine's kernels",
      address.href,
      (error as Error).message,
      "Serve the package's folder dist/kernels there, or name its address as 'kernels'",
    );
  }
}
