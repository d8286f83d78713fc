import { FoveaError, mismatch } from '../../errors.ts';
import { suggest } from '../../nearest.ts';
import { checkJson } from '../../train/check.ts';
import type { StudioContext } from './context.ts';
import { studioVerbs, type VerbName } from './index.ts';
import type { JobVerb, Query } from './verb.ts';

/** What came of a request; made of plain values and typed arrays, so that both hosts can carry it. */
export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      /** 'unknown': no such verb; 'refused': something in the request; 'aborted': by who asked; 'broken': a fault of Fovea. */
      readonly kind: 'unknown' | 'refused' | 'aborted' | 'broken';
      readonly message: string;
      readonly mend: string;
    };

/** Asks a verb by its name: the one way in, for whatever a stranger may send. Never throws. */
export async function answer(
  context: StudioContext,
  name: string,
  given: unknown,
  signal: AbortSignal,
): Promise<Answer> {
  if (!Object.hasOwn(studioVerbs, name)) {
    const { message, mend } = unknownVerb(name);
    return { ok: false, kind: 'unknown', message, mend };
  }
  const verb = studioVerbs[name as VerbName] as unknown as Query | JobVerb;
  try {
    const request = checkJson(verb.request, given ?? {}, `the request of '${name}'`);
    if (verb.kind === 'query') return { ok: true, value: await verb.run(context, request, { signal }) };
    await verb.check?.(context, request);
    const { needs, pausable = false } = verb;
    const value = context.jobs.start({
      verb: name,
      title: verb.title(request),
      needs,
      pausable,
      run: (control) => verb.run(context, request, control),
    });
    return { ok: true, value };
  } catch (error) {
    if (error instanceof FoveaError) return { ok: false, kind: 'refused', ...wordsOf(error) };
    if (signal.aborted) return { ok: false, kind: 'aborted', message: 'The question was taken back', mend: '' };
    context.host.report(error);
    const message = `Something went wrong in Fovea itself: ${error instanceof Error ? error.message : String(error)}`;
    return { ok: false, kind: 'broken', message, mend: '' };
  }
}

/** The message without the mend, which a page shows apart. */
export function wordsOf({ message, mend }: FoveaError): { readonly message: string; readonly mend: string } {
  return { message: mend === '' ? message : message.slice(0, -(mend.length + 2)), mend };
}

const unknownVerb = (name: string): { message: string; mend: string } =>
  wordsOf(
    mismatch('a verb of the studio', 'the request', `'${name.slice(0, 60)}'`, suggest(name, Object.keys(studioVerbs))),
  );
