import { imagesInBody } from '../images-in-body.ts';
import { Problem } from '../problem.ts';
import { type JsonSchema, nameIn, type Route } from '../route.ts';
import { full } from '../service.ts';

const topSchema: JsonSchema = {
  type: 'array',
  description: 'The most likely classes, the most likely first.',
  items: {
    type: 'object',
    required: ['class', 'probability'],
    properties: { class: { type: 'string' }, probability: { type: 'number', minimum: 0, maximum: 1 } },
  },
};
const unknownSchema: JsonSchema = {
  type: 'boolean',
  description: 'Whether the answer is too unsure to be given; only of models that have a threshold (fovea calibrate).',
};
const heatmapSchema: JsonSchema = {
  type: 'object',
  required: ['type', 'class', 'data'],
  properties: {
    type: { const: 'image/png' },
    class: { type: 'string', description: 'Whose evidence it shows.' },
    data: { type: 'string', contentEncoding: 'base64' },
  },
};
const binary: JsonSchema = { type: 'string', format: 'binary' };
const base64: JsonSchema = { type: 'string', contentEncoding: 'base64' };

export const classifyRoute: Route = {
  method: 'POST',
  path: '/v1/models/{name}:classify',
  doc: 'Classifies one picture or several: bytes of a picture as they are, files of a form, or base64 in JSON.',
  takesPictures: true,
  query: {
    top: { type: 'integer', minimum: 1, default: 3, description: 'How many classes to tell for each picture.' },
    heatmap: {
      type: 'boolean',
      default: false,
      description: 'Whether to show, as a PNG, where in the picture the likeliest class was found (Grad-CAM).',
    },
  },
  body: {
    'image/*': binary,
    'multipart/form-data': { type: 'object', properties: { file: { type: 'array', items: binary } } },
    'application/json': {
      oneOf: [
        { type: 'object', required: ['image'], properties: { image: base64 } },
        {
          type: 'object',
          required: ['images'],
          properties: {
            images: {
              type: 'array',
              items: {
                oneOf: [
                  base64,
                  { type: 'object', required: ['data'], properties: { name: { type: 'string' }, data: base64 } },
                ],
              },
            },
          },
        },
      ],
    },
  },
  answer: {
    type: 'application/json',
    schema: {
      type: 'object',
      required: ['model', 'version', 'predictions'],
      properties: {
        model: { type: 'string' },
        version: { type: 'integer', description: 'One more with each reload.' },
        top: { ...topSchema, description: 'Of the picture, where there is one only.' },
        unknown: unknownSchema,
        heatmap: heatmapSchema,
        predictions: {
          type: 'array',
          description: 'One for each picture, in order: its classes, or why it could not be read.',
          items: {
            oneOf: [
              {
                type: 'object',
                required: ['name', 'top'],
                properties: {
                  name: { type: 'string' },
                  top: topSchema,
                  unknown: unknownSchema,
                  heatmap: heatmapSchema,
                },
              },
              {
                type: 'object',
                required: ['name', 'error'],
                properties: { name: { type: 'string' }, error: { type: 'string' } },
              },
            ],
          },
        },
      },
    },
  },
  async handle(service, request, _reply, signal) {
    const model = service.model(nameIn(request));
    const { top, heatmap } = request.query as Readonly<Record<string, unknown>>;
    const wanted = { top: topOf(top), heatmap: flagOf('heatmap', heatmap) };
    const images = await imagesInBody(request, service.limits);
    if (!request.place?.grow(images.length)) throw full(service.capacity);
    const predictions = await service.classify(model, images, wanted, signal);
    const [only] = predictions;
    const { name: _, ...alone } = predictions.length === 1 && 'top' in only ? only : { name: '' };
    return { model: model.name, version: model.version, ...alone, predictions };
  },
};

function topOf(text: unknown): number {
  if (text === undefined) return 3;
  const value = typeof text === 'string' && /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value >= 1) return value;
  throw new Problem(
    400,
    `Expected a whole number of at least 1 for query parameter 'top' but received '${String(text).slice(0, 50)}'`,
  );
}

function flagOf(name: string, text: unknown): boolean {
  if (text === undefined || text === 'false' || text === '0') return false;
  if (text === 'true' || text === '1' || text === '') return true;
  throw new Problem(
    400,
    `Expected true or false for query parameter '${name}' but received '${String(text).slice(0, 50)}'`,
  );
}
