import { FoveaError } from '../../errors.ts';
import type { Recipe } from '../../train/recipe.ts';
import type { Adapters } from '../adapters.ts';
import { processCount, type TorchHost, type TorchProcesses } from './launch.ts';
import { checkPorted } from './ported.ts';

/** PyTorch Distributed, where it is to train, and what its bits are called. */
export interface TorchTrainer {
  readonly host: TorchHost;
  readonly processes: TorchProcesses;
  readonly bits: string;
}

/** @throws FoveaError when it is not here, or when the recipe has parts that are not ported to it. */
export async function openTorch(
  { torch: host }: Adapters,
  recipe: Recipe,
  processes: TorchProcesses | undefined,
): Promise<TorchTrainer | undefined> {
  if (!processes) return undefined;
  if (!host) throw new FoveaError('PyTorch Distributed cannot be started here', 'Use the command line');
  checkPorted(recipe, processCount(processes));
  return { host, processes, bits: `torch-${await host.version()}` };
}
