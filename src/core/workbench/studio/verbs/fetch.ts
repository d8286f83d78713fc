import { z } from 'zod';
import { mismatch } from '../../../errors.ts';
import { note } from '../../notes.ts';
import { job, query } from '../verb.ts';

export const fetchVerbs = {
  'data.sets': query({
    doc: 'Data sets that can be fetched by name: size, licence, where they are from.',
    request: z.object({}),
    run: async ({ workbench, host }) => ({ sets: workbench.listSets(), possible: host.fetchData !== undefined }),
  }),

  'data.fetch': job({
    doc: 'Fetches a data set by name; what was fetched when it was interrupted is kept.',
    needs: 'none',
    request: z.object({ name: z.string().max(200) }),
    title: ({ name }) => `Fetch ${name}`,
    async check({ workbench }, { name }) {
      const known = workbench.listSets().map((set) => set.name);
      if (!known.includes(name)) throw mismatch(`one of ${known.join(', ')}`, 'the set to fetch', `'${name}'`);
    },
    async run(context, { name }, { signal, emit }) {
      const fetched = await context.workbench.fetchData(
        { name },
        {
          signal,
          onEvent(event) {
            if (event.kind === 'progress') {
              const { file, done, total, set } = event;
              emit(
                set
                  ? { kind: 'fetch', file: set.name, done: set.done, total: set.total }
                  : { kind: 'fetch', file, done, total },
              );
            } else if (event.kind === 'failure') {
              const { file, address, reason } = event;
              emit(note('address-failed', { file, address, reason }));
            } else if (event.kind === 'begin') emit(note('licence', { licence: event.licence }));
          },
        },
      );
      context.data.change(`named:${name}`);
      const { licence, homepage, stopped } = fetched;
      return { data: `named:${name}`, licence, homepage, stopped };
    },
  }),
};
