import { type CommandDefinition, UsageError } from '../command.ts';
import { harmless } from '../terminal/terminal.ts';
import { seedOption, shellWord } from './shared.ts';

/**
 * In Python, because only PyTorch reads its own files, and with weights_only, so that even there no program is run.
 * Shared tensors are copied: safetensors holds each for itself.
 */
const program = [
  'import sys, torch; from safetensors.torch import save_file',
  "d = torch.load(sys.argv[1], map_location='cpu', weights_only=True)",
  "d = d.get('state_dict', d.get('model', d))",
  "save_file({k: v.clone().contiguous() for k, v in d.items() if hasattr(v, 'clone')}, sys.argv[2])",
].join('; ');

export const modelConvert: CommandDefinition = {
  name: 'model convert',
  group: 'model',
  doc: "Says in one line how PyTorch's .pth becomes a .safetensors file that --weights reads.",
  arguments: [{ name: '<file>', doc: 'a .pth, .pt, .bin or .ckpt file; it is not opened' }],
  options: [seedOption],
  examples: [['fovea model convert resnet18.pth', 'prints the line to run where PyTorch is installed']],

  async run({ terminal }, [given]) {
    const file = given as string;
    if (/\.safetensors$/i.test(file)) {
      throw new UsageError(
        `Expected a .pth file for <file> but received '${file}', which is safetensors already`,
        'Give it to fovea train --weights',
      );
    }
    const output = `${file.replace(/\.(pth?|bin|ckpt|pkl)$/i, '')}.safetensors`;
    const line = `python3 -c "${program}" ${shellWord(file)} ${shellWord(output)}`;
    terminal.out('A .pth file is a pickle, which can run any program when it is opened, so Fovea opens none.');
    terminal.out('Where PyTorch is (pip install torch safetensors), this writes the weights as safetensors:');
    terminal.out('');
    terminal.out(harmless(line));
    terminal.out('');
    terminal.out(`Then: npx fovea train DATA --model NAME --weights ${harmless(shellWord(output))}`);
    return { json: { file, output, command: line } };
  },
};
