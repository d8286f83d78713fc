import { z } from 'zod';
import type { Finding } from '../../../dataset/findings.ts';
import { findingKinds } from '../../../dataset/findings.ts';
import type { Fix } from '../../../dataset/fixes.ts';
import { FoveaError } from '../../../errors.ts';
import type { StudioContext } from '../context.ts';
import { inPlace } from '../in-place.ts';
import { job, query } from '../verb.ts';
import { dataId } from './shapes.ts';

/** A finding, with the numbers of its pictures. */
export interface ShownFinding extends Finding {
  /** In the order of `files`; null for a file that is no picture of the data (any more). */
  readonly ids: readonly (number | null)[];
}

const fixSchema: z.ZodType<Fix> = z.union([
  z.object({ fix: z.literal('exclude'), file: z.string() }),
  z.object({ fix: z.literal('relabel'), file: z.string(), class: z.string() }),
  z.object({ fix: z.literal('merge'), from: z.string(), into: z.string() }),
  z.object({ fix: z.literal('rename'), from: z.string(), to: z.string() }),
]);

async function shown(context: StudioContext, data: string, findings: readonly Finding[]): Promise<ShownFinding[]> {
  const opened = await context.open(data);
  return findings.map((one) => ({ ...one, ids: one.files.map((file) => opened.idOf(file) ?? null) }));
}

export const doctorVerbs = {
  'data.doctor': job({
    doc: 'Looks at every picture and tells what is wrong with the data.',
    needs: 'none',
    request: z.object({ data: dataId, seed: z.int().min(0).optional() }),
    title: ({ data }) => `Examine ${data}`,
    check: async (context, { data }) => void (await context.locate(data)),
    async run(context, { data, seed }, { signal, emit }) {
      const place = await context.locate(data);
      const { workbench, where } = inPlace(context, place);
      const examination = await workbench.examineData({ ...where, seed }, { signal, onEvent: emit });
      const opened = await context.open(data, signal);
      opened.findings = examination.findings;
      const { pictures, unreadable, parts } = examination;
      return { data, pictures, unreadable, parts, findings: await shown(context, data, examination.findings) };
    },
  }),

  'data.findings': query({
    doc: 'What the last examination of data found; nothing where they were not examined since the studio began.',
    request: z.object({ data: dataId }),
    async run(context, { data }) {
      const { findings, version } = await context.open(data);
      return { version, examined: findings !== undefined, findings: await shown(context, data, findings ?? []) };
    },
  }),

  'data.fixes': query({
    doc: 'What was decided about data, oldest first.',
    request: z.object({ data: dataId }),
    async run(context, { data }) {
      const place = await context.locate(data);
      if (place.kind === 'built-in') return { fixes: [] };
      const { workbench, where } = inPlace(context, place);
      return { fixes: (await workbench.fixData(where)).fixes };
    },
  }),

  'data.fix': query({
    doc: 'Keeps decisions about data beside them: leave a picture out, give it another class, join or rename classes.',
    request: z.object({
      data: dataId,
      fixes: z.array(fixSchema).max(100_000).optional(),
      /** Takes the way out of every finding of this kind that has just one. */
      mend: z.enum(findingKinds).optional(),
    }),
    async run(context, { data, fixes, mend }, { signal }) {
      const place = await context.locate(data);
      if (place.kind === 'built-in')
        throw new FoveaError(`The built-in set '${place.name}' takes no fixes`, 'It needs none');
      const { workbench, where } = inPlace(context, place);
      const kept = await workbench.fixData({ ...where, fixes, mend }, { signal });
      context.data.change(data);
      return { added: kept.added, fixes: kept.fixes, version: (await context.open(data, signal)).version };
    },
  }),

  'data.unfix': query({
    doc: 'Takes the last decisions about data back.',
    request: z.object({ data: dataId, count: z.int().min(1).max(100_000).default(1) }),
    async run(context, { data, count }, { signal }) {
      const { workbench, where } = inPlace(context, await context.locate(data));
      const undone: Fix[] = [];
      let fixes: readonly Fix[] = [];
      for (let i = 0; i < count; i++) {
        const outcome = await workbench.fixData({ ...where, undo: true }, { signal });
        undone.push(outcome.undone as Fix);
        fixes = outcome.fixes;
      }
      context.data.change(data);
      return { undone, fixes, version: (await context.open(data, signal)).version };
    },
  }),
};
