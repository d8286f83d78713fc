/**
 * THE LIST of notes that a page says in its own words and language: by their kind and the values that the sentence needs.
 * The sentences here are for terminals and records.
 */
export const noteSentences = {
  'not-calibrated': ({ reason, run }: { reason: string; run: string }) =>
    `Not calibrated: ${reason} Later: fovea calibrate ${run}`,
  'not-saved': ({ reason }: { reason: string }) => `Not saved this time. ${reason}`,
  'by-split': ({ hash, file }: { hash: string; file: string }) => `Split ${hash} from '${file}'.`,
  'near-copies-not-compared': (_: Readonly<Record<string, never>>) =>
    'So many pictures look nearly the same that not all were compared: near copies may lie in several parts.',
  'other-bits': ({ now, begun }: { now: string; begun: string }) =>
    `What computes here has other bits (${now}) than the one that began the run (${begun}): the result is sound, but no training will repeat it bit for bit.`,
  'may-have-seen': ({ run }: { run: string }) =>
    `'${run}' was trained on other data or by another split: it may have seen some of these test pictures, and then the comparison favours it.`,
  'look-not-written': ({ reason }: { reason: string }) =>
    `This look at the test pictures could not be written down. ${reason}`,
  'test-not-kept': ({ reason }: { reason: string }) => `What was found could not be kept. ${reason}`,
  licence: ({ licence }: { licence: string }) => `Licence: ${licence}`,
  'network-alone': (_: Readonly<Record<string, never>>) =>
    'The export holds the network: what runs it averages the logits of a picture and of its mirror image to answer as Fovea does.',
  'address-failed': ({ file, address, reason }: { file: string; address: string; reason: string }) =>
    `${file} did not come from ${address}: ${reason}`,
};

export type NoteName = keyof typeof noteSentences;
type ValuesOf<Name extends NoteName> = Parameters<(typeof noteSentences)[Name]>[0];

/** What a note tells, for those who say it in other words. */
export interface ToldNote {
  readonly name: NoteName;
  readonly values: Readonly<Record<string, string>>;
}

/** Something that was understood or chosen, a sentence. */
export interface NoteEvent {
  readonly kind: 'note';
  readonly text: string;
  /** Absent: nobody knows it by a kind. */
  readonly told?: ToldNote;
}

export const note = <Name extends NoteName>(name: Name, values: ValuesOf<Name>): NoteEvent => ({
  kind: 'note',
  text: (noteSentences[name] as (given: ValuesOf<Name>) => string)(values),
  told: { name, values },
});
