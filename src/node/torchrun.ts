import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { FoveaError } from '../core/errors.ts';
import type { TorchHost } from '../core/workbench/torch/launch.ts';

const python = (): string => process.env.FOVEA_PYTHON || 'python3';

/** From `src/node`, `dist/node` and the bundle in `dist/cli` alike. */
const programFolder = new URL('../../python/fovea_torch/', import.meta.url);

/** Of what Python says of a failure: nobody reads more. */
const mostErrorLines = 200;

/** PyTorch Distributed on this machine: $FOVEA_PYTHON or python3. */
export const torchHost: TorchHost = {
  async version() {
    const asked = "import numpy, torch, torch.distributed as d; print(torch.__version__ if d.is_available() else '')";
    const { code, lines, error } = await collect(['-c', asked]);
    const version = lines[0] ?? '';
    if (code === 0 && version !== '') return version;
    const why = code === undefined ? 'no such program' : code === 0 ? 'one without torch.distributed' : error;
    throw new FoveaError(
      `Expected Python with PyTorch and NumPy for '--engine torch' but received ${why} ('${python()}')`,
      "Install them ('python3 -m pip install torch numpy'), or name a Python that has them: FOVEA_PYTHON=/path/to/python",
    );
  },

  async program() {
    const names = (await readdir(programFolder)).filter((name) => name.endsWith('.py'));
    const read = async (name: string) => [name, new Uint8Array(await readFile(new URL(name, programFolder)))] as const;
    return new Map(await Promise.all(names.map(read)));
  },

  async run({ words, processes, threads, signal, onLine }) {
    const share = Math.max(1, Math.floor((threads ?? availableParallelism()) / processes));
    const { code, error } = await collect(['-m', 'torch.distributed.run', ...words], {
      env: {
        OMP_NUM_THREADS: `${share}`,
        FOVEA_PID: `${process.pid}`,
        PYTHONUNBUFFERED: '1',
        PYTHONDONTWRITEBYTECODE: '1',
      },
      signal,
      onLine,
    });
    return { code: code ?? 1, error };
  },
};

interface Watching {
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** Runs Python to its end. `code` is undefined where it cannot be started; `error` is the line that says what failed. */
function collect(
  args: readonly string[],
  { env, signal, onLine }: Watching = {},
): Promise<{ code: number | undefined; lines: string[]; error: string }> {
  return new Promise((resolve) => {
    // In a group of its own: Ctrl-C comes to Fovea, which asks the processes to end their step.
    const child = spawn(python(), args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    const lines: string[] = [];
    const errors: string[] = [];
    let code: number | undefined;
    const stop = (): void => void child.kill('SIGTERM');
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
    createInterface(child.stdout).on('line', (line) => (onLine ? onLine(line) : lines.push(line)));
    createInterface(child.stderr).on('line', (line) => {
      errors.push(line);
      if (errors.length > mostErrorLines) errors.shift();
    });
    child.on('error', () => undefined);
    child.on('exit', (status) => {
      code = status ?? 1;
    });
    child.on('close', () => {
      signal?.removeEventListener('abort', stop);
      resolve({ code, lines, error: reasonIn(errors) });
    });
  });
}

/** Torchrun's own account of a failed child says less than the child's. */
function reasonIn(errors: readonly string[]): string {
  const said = /^(?:\[rank\d+\]:\s*)?((?:\w+\.)*\w*(?:Error|Exception)\b.*)$/;
  const found = errors
    .flatMap((line) => said.exec(line)?.[1] ?? [])
    .filter((line) => !line.includes('ChildFailedError'));
  return (found.at(-1) ?? errors.at(-1) ?? 'it said nothing').slice(0, 400);
}
