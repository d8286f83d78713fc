import { type JsonSchema, nameIn, type Route } from '../route.ts';
import type { ServedModel } from '../served-model.ts';

const describe = ({ name, version, engine, classifier }: ServedModel) => ({
  name,
  version,
  engine,
  classes: classifier.classNames,
  input: { height: classifier.model.input[0], width: classifier.model.input[1], channels: classifier.model.input[2] },
});

const modelSchema: JsonSchema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    version: { type: 'integer' },
    engine: { type: 'string' },
    classes: { type: 'array', items: { type: 'string' } },
    input: {
      type: 'object',
      description: 'What pictures of any size are brought to.',
      properties: { height: { type: 'integer' }, width: { type: 'integer' }, channels: { type: 'integer' } },
    },
  },
};

export const listRoute: Route = {
  method: 'GET',
  path: '/v1/models',
  doc: 'Lists the models.',
  answer: {
    type: 'application/json',
    schema: { type: 'object', properties: { models: { type: 'array', items: modelSchema } } },
  },
  handle: async ({ models }) => ({ models: [...models.values()].map(describe) }),
};

export const showRoute: Route = {
  method: 'GET',
  path: '/v1/models/{name}',
  doc: 'Describes a model: its classes, and what it makes of pictures.',
  answer: { type: 'application/json', schema: modelSchema },
  handle: async (service, request) => describe(service.model(nameIn(request))),
};

export const reloadRoute: Route = {
  method: 'POST',
  path: '/v1/models/{name}:reload',
  doc: 'Reads the model file again; no request is lost, and where the file cannot be used the old one stays.',
  answer: { type: 'application/json', schema: modelSchema },
  async handle(service, request) {
    const model = service.model(nameIn(request));
    await model.reload();
    return describe(model);
  },
};
