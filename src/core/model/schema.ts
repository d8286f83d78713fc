import { layers } from '../layers/index.ts';
import type { Layer, Option } from '../layers/layer.ts';
import { mostWhole } from '../layers/options.ts';
import { limits } from './plain.ts';

type Schema = { readonly [key: string]: unknown };

/**
 * The form of a model file as JSON Schema (draft 2020-12), made from the list of layers, for editors that complete and
 * check while one writes. It says the form alone: that ids are different and that shapes fit is found by `parseModelSpec` and
 * `buildModel`.
 */
export function modelSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A Fovea model, version 1',
    type: 'object',
    properties: {
      format: { const: 'fovea-model' },
      version: { const: 1 },
      name: { type: 'string', maxLength: limits.name },
      input: {
        type: 'array',
        items: { type: 'integer', minimum: 1, maximum: limits.side },
        minItems: 3,
        maxItems: 3,
        description: '[height, width, channels] of the pictures; left out: as the data are.',
      },
      classes: { type: 'integer', minimum: 2, description: 'Left out: as many as the data have.' },
      layers: { type: 'array', minItems: 1, maxItems: limits.layers, items: { anyOf: layers.map(layerSchema) } },
    },
    required: ['format', 'version', 'layers'],
    additionalProperties: false,
  };
}

function layerSchema({ type, doc, options, inputs }: Layer): Schema {
  // The features of a last linear layer are the classes.
  const needed = Object.entries(options).filter(
    ([name, option]) => option.default === undefined && !option.optional && !(type === 'linear' && name === 'features'),
  );
  return {
    description: doc,
    type: 'object',
    properties: {
      id: { type: 'string', pattern: '^[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*$', maxLength: limits.name },
      type: { const: type },
      inputs: {
        type: 'array',
        items: { type: 'string' },
        minItems: inputs === 1 ? 1 : 2,
        maxItems: inputs === 1 ? 1 : limits.inputs,
        description: "Ids of the layers that it reads, or 'input'; left out: the layer before it.",
      },
      ...Object.fromEntries(Object.entries(options).map(([name, option]) => [name, optionSchema(option)])),
    },
    required: ['id', 'type', ...(inputs === 1 ? [] : ['inputs']), ...needed.map(([name]) => name)],
    additionalProperties: false,
  };
}

function optionSchema(option: Option): Schema {
  const { doc, minimum, maximum } = option;
  const about = { description: doc, ...(option.default === undefined ? {} : { default: option.default }) };
  const range = { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
  const whole = { type: 'integer', ...range, maximum: maximum ?? mostWhole };
  const size = [whole, { type: 'array', items: whole, minItems: 2, maxItems: 2 }];
  switch (option.type) {
    case 'boolean':
      return { type: 'boolean', ...about };
    case 'choice':
      return { enum: option.choices ?? [], ...about };
    case 'number':
      return { type: 'number', ...range, ...about };
    case 'integer':
      return { ...whole, ...about };
    case 'numbers':
      return { type: 'array', items: { type: 'number', ...range }, ...about };
    case 'size':
      return { anyOf: size, ...about };
    case 'padding':
      return { anyOf: [{ enum: ['same', 'valid'] }, ...size], ...about };
  }
}
