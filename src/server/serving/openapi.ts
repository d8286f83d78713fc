import { foveaVersion } from '../../core/workbench/version.ts';
import type { Route } from './route.ts';

const problem = (description: string) => ({
  description,
  content: {
    'application/json': {
      schema: {
        type: 'object',
        properties: {
          error: {
            type: 'object',
            properties: { status: { type: 'integer' }, message: { type: 'string', description: 'One sentence.' } },
          },
        },
      },
    },
  },
});

/** The routes as an OpenAPI 3.1 document. @param keys whether API keys are asked for. */
export function openApi(routes: readonly Route[], keys: boolean) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const { method, path, doc, query = {}, body, answer, open, takesPictures } = route;
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
        ...(names.length > 0 ? { 404: problem('No model of that name.') } : {}),
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
