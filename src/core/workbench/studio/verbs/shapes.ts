import { z } from 'zod';
import { parts } from '../../../dataset/dataset.ts';

/** Fields that many requests share. */
export const dataId = z.string().max(300);
export const runId = z.string().max(300);
export const partName = z.enum(parts);
export const pictureId = z.int().min(0);
/** [height, width, channels] */
export const inputShape = z.tuple([z.int().min(1), z.int().min(1), z.union([z.literal(1), z.literal(3)])]);
/**
 * A model: a preset's name, a line of layers, `run:NAME`, `model:NAME` of one that was saved, JSON text, or the model
 * itself as JSON.
 */
export const modelText = z.union([z.string().max(1_000_000), z.record(z.string(), z.unknown())]);
export type GivenModel = z.output<typeof modelText>;
export const bytesOf = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'bytes');
