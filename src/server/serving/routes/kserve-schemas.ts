import type { JsonSchema } from '../route.ts';

/** An object whose fields are all there. */
export const objectOf = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});

const text: JsonSchema = { type: 'string' };
const shape: JsonSchema = { type: 'array', items: { type: 'integer' } };
const description = objectOf({ name: text, datatype: text, shape });

/** $metadata_model_response of the Open Inference Protocol. */
export const modelMetadata = objectOf({
  name: text,
  versions: { type: 'array', items: text },
  platform: text,
  inputs: { type: 'array', items: description },
  outputs: { type: 'array', items: description },
});

/** $inference_request. */
export const inferRequest: JsonSchema = {
  type: 'object',
  required: ['inputs'],
  properties: {
    id: { type: 'string', maxLength: 200 },
    inputs: {
      type: 'array',
      minItems: 1,
      items: objectOf({
        name: { const: 'image' },
        datatype: { const: 'UINT8' },
        shape: { ...shape, description: '[pictures, height, width, channels], as the model’s metadata tell.' },
        data: { type: 'array', description: 'Whole numbers from 0 to 255, flat or nested.', items: {} },
      }),
    },
    outputs: {
      type: 'array',
      description: 'Those that are wanted; absent: all.',
      items: objectOf({ name: { enum: ['probabilities', 'class'] } }),
    },
  },
};

/** $inference_response. */
export const inferResponse: JsonSchema = {
  type: 'object',
  required: ['model_name', 'model_version', 'outputs'],
  properties: {
    model_name: text,
    model_version: text,
    id: { ...text, description: 'As it was asked.' },
    outputs: {
      type: 'array',
      items: objectOf({
        name: text,
        datatype: text,
        shape,
        data: { type: 'array', items: { type: ['number', 'string'] } },
      }),
    },
  },
};
