import type { z } from 'zod';
import { invalid } from '../errors.ts';

/**
 * Checks parsed JSON against a schema. @param subject whose part is wrong, such as `'runs/a/run.json'`.
 * @throws FoveaError naming the first part that is wrong.
 */
export function checkJson<T>(schema: z.ZodType<T>, value: unknown, subject: string, mend = ''): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue.path.map(String).join('.');
  let received: unknown = value;
  for (const key of issue.path) received = (received as Record<PropertyKey, unknown> | undefined)?.[key];
  const expected =
    issue.code === 'invalid_type' ? `${issue.expected}` : issue.message.replace(/^Invalid input: expected /, '');
  throw invalid(`valid content (${expected})`, path ? `${subject}, '${path}'` : subject, received, mend);
}

/** JSON text checked against a schema. @throws FoveaError when it is no JSON or of another form. */
export function parseJson<T>(schema: z.ZodType<T>, text: string, subject: string, mend = ''): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('JSON text', subject, text === '' ? 'an empty text' : text, mend);
  }
  return checkJson(schema, value, subject, mend);
}
