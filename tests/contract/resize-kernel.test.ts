/**
 * The resize's WebAssembly is kept as text in core, which loads no files: it is what the compiler makes of its source, and
 * it gives the bits of the plain loops. `FOVEA_WRITE=1` writes the text anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';
import { expect, it } from 'vitest';
import { resizeKernel } from '../../src/core/image/resize-kernel.ts';

const source = fileURLToPath(new URL('../../src/kernels/resize.ts', import.meta.url));
const kept = fileURLToPath(new URL('../../src/core/image/resize-kernel.ts', import.meta.url));

async function compile(): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  const args = ['resize.ts', '--outFile', 'resize.wasm', '--runtime', 'stub', '--importMemory', '--noAssert'];
  const { error, stderr } = await main([...args, '--optimizeLevel', '3', '--shrinkLevel', '0', '--enable', 'simd'], {
    readFile: (name) => (name === 'resize.ts' ? readFileSync(source, 'utf8') : null),
    writeFile: (name, content) => {
      if (name === 'resize.wasm') wasm = content as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error || !wasm) throw error ?? new Error(stderr.toString());
  return wasm;
}

it('the text is what the compiler makes of src/kernels/resize.ts', async () => {
  const text = Buffer.from(await compile()).toString('base64');
  if (process.env.FOVEA_WRITE) {
    const lines = text.match(/.{1,110}/g)!.map((line) => `  '${line}'`);
    writeFileSync(
      kept,
      `/** src/kernels/resize.ts as WebAssembly, in base64. Written by tests/contract/resize-kernel.test.ts. */\nexport const resizeKernel =\n${lines.join(' +\n')};\n`,
    );
  } else expect(resizeKernel).toBe(text);
});
