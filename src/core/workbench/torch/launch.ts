/** How many processes train, and where they meet: the words of torchrun. */
export interface TorchProcesses {
  /** Processes on each machine: one a GPU, or a share of the cores. */
  readonly perNode: number;
  /** Machines. Default 1. */
  readonly nodes?: number;
  /** Where processes of several machines meet: `host:port`, the same for all. */
  readonly meeting?: string;
}

export const processCount = ({ perNode, nodes = 1 }: TorchProcesses): number => perNode * nodes;

/** What `python -m torch.distributed.run` (torchrun) is given. @param script `train.py` of the run. */
export function torchrunWords({ perNode, nodes = 1, meeting }: TorchProcesses, script: string): string[] {
  // A meeting of its own on this machine finds a free port by itself.
  const place =
    nodes === 1 && meeting === undefined
      ? ['--standalone']
      : [`--nnodes=${nodes}`, '--rdzv-backend=c10d', `--rdzv-endpoint=${meeting}`, '--rdzv-id=fovea'];
  return [...place, `--nproc-per-node=${perNode}`, '--max-restarts=3', script];
}

/** What the host does for trainings on PyTorch Distributed. */
export interface TorchHost {
  /** The version of the PyTorch that is here. @throws FoveaError saying how to get one. */
  version(): Promise<string>;
  /** The Python program: names of files and their contents. */
  program(): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Cores that processes may share. @param words as `torchrunWords` says. @returns when all processes are gone. */
  run(request: {
    readonly words: readonly string[];
    readonly processes: number;
    readonly threads?: number;
    /** Asks the processes to end the step and save. */
    readonly signal?: AbortSignal;
    /** A line that process 0 tells: JSON. */
    readonly onLine: (line: string) => void;
  }): Promise<{ readonly code: number; readonly error: string }>;
}
