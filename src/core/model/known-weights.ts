import { z } from 'zod';
import { isPlainName } from '../dataset/catalogue.ts';
import { invalid, mismatch } from '../errors.ts';
import type { Normalisation } from './build.ts';

/**
 * Architectures of timm (github.com/huggingface/pytorch-image-models) whose tensors have the names and shapes of a
 * preset's: its residual nets are torchvision's.
 */
const presetOf: Readonly<Record<string, string>> = {
  resnet18: 'resnet18',
  resnet34: 'resnet34',
  resnet50: 'resnet50',
};

/** Architectures that a preset has, too, with tensors of other names in timm: not read. */
const otherNames: Readonly<Record<string, string>> = {
  mobilenetv2_100: 'mobilenet_v2',
  mobilenetv3_small_100: 'mobilenet_v3_small',
  mobilenetv3_large_100: 'mobilenet_v3_large',
  efficientnet_b0: 'efficientnet_b0',
  convnext_tiny: 'convnext_tiny',
};

/** A model on Hugging Face. */
export interface HubModel {
  readonly owner: string;
  readonly name: string;
}

/** `hf:timm/resnet18.a1_in1k`. @throws FoveaError. */
export function parseHubModel(text: string): HubModel {
  const [owner, name, ...rest] = text.replace(/^hf:/, '').split('/');
  if (!text.startsWith('hf:') || rest.length > 0 || !isPlainName(owner) || name === undefined || !isPlainName(name)) {
    throw invalid(
      'hf:OWNER/NAME',
      'the weights',
      text,
      'Copy the name from the top of its page on huggingface.co/models',
    );
  }
  return { owner, name };
}

/** What a model's page tells of it (`config.json` as timm writes it). */
export interface HubConfig {
  readonly architecture: string;
  readonly normalisation: Normalisation | undefined;
}

const perChannel = z.array(z.number()).min(1).max(3);
const configSchema = z.object({
  architecture: z.string().max(100),
  pretrained_cfg: z.object({ mean: perChannel.optional(), std: perChannel.optional() }).optional(),
});

/** Undefined where the text is no such configuration. */
export function readHubConfig(text: string): HubConfig | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const read = configSchema.safeParse(value);
  if (!read.success) return undefined;
  const { architecture, pretrained_cfg: { mean, std } = {} } = read.data;
  const known = mean && std && mean.length === std.length && std.every((one) => one > 0);
  return { architecture, normalisation: known ? { mean, std } : undefined };
}

/**
 * The preset whose weights a model's are; undefined where no table says so, and the person must.
 * @throws FoveaError for one that Fovea has under other names.
 */
export function presetOfHubModel({ owner, name }: HubModel, config: HubConfig | undefined): string | undefined {
  const architecture = config?.architecture ?? name.split('.')[0];
  if (Object.hasOwn(presetOf, architecture)) return presetOf[architecture];
  if (owner !== 'timm' || !Object.hasOwn(otherNames, architecture)) return undefined;
  throw mismatch(
    `weights of ${Object.keys(presetOf).join(', ')}`,
    `hf:${owner}/${name}`,
    `those of ${architecture}, whose tensors timm names otherwise than torchvision and the preset ${otherNames[architecture]}`,
    "Save torchvision's weights as safetensors and give that file with --model",
  );
}
