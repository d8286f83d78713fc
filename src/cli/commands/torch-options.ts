import type { TorchProcesses } from '../../core/workbench/torch/launch.ts';
import { type CommandOption, UsageError, wholeNumber } from '../command.ts';
import { nameFrom } from './shared.ts';

export const torchOptions: readonly CommandOption[] = [
  {
    flags: '--engine <name>',
    doc: "fovea (default), or torch: PyTorch Distributed, where 'python3' has it (FOVEA_PYTHON names another)",
    parse: nameFrom(['fovea', 'torch']),
  },
  {
    flags: '--nproc-per-node <n>',
    doc: 'torch: processes on each machine, one a GPU (default 1)',
    parse: wholeNumber(1, 1024),
  },
  { flags: '--nnodes <n>', doc: 'torch: machines (default 1)', parse: wholeNumber(1, 4096) },
  { flags: '--rdzv-endpoint <address>', doc: 'torch: where processes of several machines meet, such as node1:29400' },
];

/** As the options are named once they are read. */
export const torchNames = ['engine', 'nprocPerNode', 'nnodes', 'rdzvEndpoint'] as const;

/** @throws UsageError for options of PyTorch without it, and for machines that could not meet. */
export function torchOf(given: Readonly<Record<string, unknown>>): TorchProcesses | undefined {
  const { engine, nprocPerNode = 1, nnodes = 1, rdzvEndpoint } = given;
  if (engine !== 'torch') {
    const other = torchNames.find((name) => name !== 'engine' && given[name] !== undefined);
    if (other === undefined) return undefined;
    const flag = `--${other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new UsageError(`Expected --engine torch beside ${flag} but received none`, 'Add it, or leave the other out');
  }
  if ((nnodes as number) > 1 && rdzvEndpoint === undefined) {
    throw new UsageError(
      'Expected --rdzv-endpoint for several machines but received none',
      'Such as --rdzv-endpoint node1:29400, the same on all',
    );
  }
  if (rdzvEndpoint !== undefined && !/^[\w.-]+:\d{1,5}$/.test(rdzvEndpoint as string)) {
    throw new UsageError(
      `Expected host:port for --rdzv-endpoint but received '${rdzvEndpoint}'`,
      'Such as node1:29400',
    );
  }
  return {
    perNode: nprocPerNode as number,
    nodes: nnodes as number,
    ...(rdzvEndpoint === undefined ? {} : { meeting: rdzvEndpoint as string }),
  };
}
