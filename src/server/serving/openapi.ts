import { foveaVersion } from '../../core/workbench/version.ts';
import { isKserve } from './problem.ts';
import type { JsonSchema, Route } from './route.ts';

const sentence: JsonSchema = { type: 'string', description: 'One sentence.' };
const statusAndSentence: JsonSchema = {
  type: 'object',
  required: ['status', 'message'],
  properties: { status: { type: 'integer' }, message: sentence },
};

/** The routes as an OpenAPI 3.1 document. @param keys whether API keys are asked for. */
export function openApi(routes: readonly Route[], keys: boolean) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const { method, path, doc, query = {}, body, answer, open, takesPictures } = route;
    const error = isKserve(path) ? sentence : statusAndSentence;
    const schema = { type: 'object', required: ['error'], properties: { error } };
    const problem = (description: string) => ({ description, content: { 'application/json': { schema } } });
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    paths[path] ??= {};
    paths[path][method.toLowerCase()] = {
      operationId: `${method.toLowerCase()}${path.replace(/[^A-Za-z0-9]+(.)?/g, (_, next?: string) => (next ?? '').toUpperCase())}`,
      summary: doc,
      parameters: [
        ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
        ...Object.entries(query).map(([name, schema]) => ({ name, in: 'query', schema })),
      ],
      ...(body
        ? {
            requestBody: {
              required: true,
              content: Object.fromEntries(Object.entries(body).map(([type, schema]) => [type, { schema }])),
            },
          }
        : {}),
      responses: {
        200: { description: 'Done.', content: { [answer.type]: { schema: answer.schema } } },
        ...(names.length > 0 ? { 404: problem('No such model.') } : {}),
        ...(takesPictures
          ? {
              400: problem('No picture that can be read, or a body that is not as described.'),
              413: problem('Too many bytes or pictures.'),
              415: problem('A content type that is not taken.'),
              429: problem('As much waits as is taken; Retry-After tells when to ask again.'),
              503: problem('Shutting down, or it took too long.'),
            }
          : {}),
        ...(keys && !open ? { 401: problem('No key, or one that is not known.') } : {}),
      },
      ...(keys && !open ? { security: [{ bearer: [] }, { header: [] }] } : {}),
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Fovea: image classification', version: foveaVersion },
    paths,
    ...(keys
      ? {
          components: {
            securitySchemes: {
              bearer: { type: 'http', scheme: 'bearer' },
              header: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
            },
          },
        }
      : {}),
  };
}
