import { deDocs } from './de-docs.ts';
import { deSentences } from './de-sentences.ts';
import { createTell } from './tell.ts';

export const tellDe = createTell({ ...deDocs, ...deSentences }, ',');
