import type { RateFactors } from '../../core/train/stages.ts';
import { type CommandOption, number, UsageError } from '../command.ts';

const factor = number({ above: 0 }, '0.1');

/** `trunk=0.1,layer4=0.5`. */
function parseFactors(text: string, flag: string): RateFactors {
  const factors: Record<string, number> = {};
  for (const part of text.split(',')) {
    const [name, value, ...rest] = part.split('=');
    if (name.trim() === '' || value === undefined || rest.length > 0) {
      throw new UsageError(`Expected LAYER=FACTOR such as trunk=0.1 for ${flag} but received '${part}'`);
    }
    factors[name.trim()] = factor(value, `${flag} ${name.trim()}`);
  }
  return factors;
}

/** `5`, `3:layer4,6`. */
function parseUnfreezing(text: string, flag: string): { epoch: number; layer?: string }[] {
  return text.split(',').map((part) => {
    const match = /^\s*(\d{1,9})(?::([^:=]+))?\s*$/.exec(part);
    if (match) return { epoch: Number(match[1]), ...(match[2] === undefined ? {} : { layer: match[2].trim() }) };
    throw new UsageError(`Expected EPOCH or EPOCH:LAYER such as 5 or 3:layer4 for ${flag} but received '${part}'`);
  });
}

export const transferOptions: readonly CommandOption[] = [
  {
    flags: '--weights <from>',
    doc: 'begin with these weights: a .safetensors file, the folder of a run, or hf:timm/NAME from Hugging Face',
  },
  { flags: '--new-head', doc: "begin with a new last layer even where the weights' own would fit" },
  { flags: '--freeze <layer>', doc: 'layers up to and including this one do not learn; trunk: all but the last' },
  {
    flags: '--unfreeze-at <epochs>',
    doc: 'from this epoch on all layers learn; 3:layer4,6 first those from layer4 on',
    parse: parseUnfreezing,
  },
  {
    flags: '--lr-factor <factors>',
    doc: 'multiplies the learning rate of some layers: trunk=0.1, or layer3=0.1,layer4=0.3',
    parse: parseFactors,
  },
  {
    flags: '--augment-copies <n>',
    doc: 'while layers are frozen, augment each picture in so many ways and compute them once (default: anew in each epoch)',
    parse: (text, flag) => {
      const value = Number(text);
      if (Number.isInteger(value) && value >= 1 && value <= 1000) return value;
      throw new UsageError(`Expected a whole number from 1 to 1000 for ${flag} but received '${text}'`);
    },
  },
];
