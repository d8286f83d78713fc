import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FoveaError } from '../core/errors.ts';
import type { RunElsewhere } from '../core/workbench/prove.ts';

/** Loads the source as a person would, and writes what it makes of the pixels. */
const driver = `
import json, sys
try:
    import torch, safetensors
except ImportError as error:
    print(json.dumps({"missing": str(error)}))
    sys.exit(0)
import importlib.util
spec = importlib.util.spec_from_file_location("exported", "exported.py")
exported = importlib.util.module_from_spec(spec)
spec.loader.exec_module(exported)
model, classes = exported.load()
pixels = torch.frombuffer(bytearray(open("pixels.bin", "rb").read()), dtype=torch.uint8)
pixels = pixels.view(-1, exported.HEIGHT, exported.WIDTH, exported.CHANNELS)
with torch.no_grad():
    logits = torch.cat([model(exported.normalise(some)) for some in pixels.split(16)])
open("logits.bin", "wb").write(logits.contiguous().numpy().tobytes())
print(json.dumps({"runtime": "PyTorch " + torch.__version__}))
`;

const mostSeconds = 180;

/**
 * Runs exported source with $FOVEA_PYTHON or python3, in a folder of its own.
 * @throws FoveaError when PyTorch is there and the source fails in it; the signal's reason when aborted.
 */
export async function runPytorch(
  files: { readonly code: Uint8Array; readonly weights: Uint8Array; readonly weightsFile: string },
  pixels: Uint8Array,
  count: number,
  signal?: AbortSignal,
): Promise<RunElsewhere> {
  const python = process.env.FOVEA_PYTHON || 'python3';
  const folder = await mkdtemp(join(tmpdir(), 'fovea-pytorch-'));
  try {
    await writeFile(join(folder, 'exported.py'), files.code);
    await writeFile(join(folder, files.weightsFile), files.weights);
    await writeFile(join(folder, 'pixels.bin'), pixels);
    const { code, stdout, stderr } = await run(python, ['-c', driver], folder, signal);
    signal?.throwIfAborted();
    if (code === undefined) return { missing: `'${python}' cannot be started (FOVEA_PYTHON names another Python)` };
    const said = parse(stdout);
    if (said?.missing !== undefined) {
      return { missing: `'${python}' has no PyTorch with safetensors: ${said.missing} (FOVEA_PYTHON names another)` };
    }
    if (code !== 0 || said?.runtime === undefined) {
      const reason = stderr.trim().split('\n').pop() ?? '';
      throw new FoveaError(`The exported source failed in '${python}' with code ${code}: ${reason.slice(0, 300)}`);
    }
    const bytes = await readFile(join(folder, 'logits.bin'));
    const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    if (values.length % count !== 0) throw new FoveaError(`The exported source gave ${values.length} logits`);
    return { runtime: said.runtime, values };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function parse(stdout: string): { readonly missing?: string; readonly runtime?: string } | undefined {
  try {
    return JSON.parse(stdout.trim().split('\n').pop() ?? '');
  } catch {
    return undefined;
  }
}

/** `code` is undefined where there is no such program. */
function run(
  program: string,
  args: readonly string[],
  cwd: string,
  signal: AbortSignal | undefined,
): Promise<{ code: number | null | undefined; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, signal, timeout: mostSeconds * 1000, stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (piece: Buffer) => stdout.push(piece));
    child.stderr.on('data', (piece: Buffer) => stderr.push(piece));
    let code: number | null | undefined;
    child.on('error', () => undefined);
    child.on('exit', (status) => {
      code = status;
    });
    child.on('close', () => {
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
  });
}
