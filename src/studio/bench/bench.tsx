import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { Augmentation } from '../../core/image/augmentation-spec.ts';
import type { ModelDraft } from '../../core/model/spec.ts';
import type { RequestOf, ResultOf } from '../../core/workbench/studio/index.ts';
import { useAnswer } from '../client/use-client.tsx';
import { layOut, namedData } from './lay-out.ts';

/** What lies on the bench: the data, the model and the run that the thread is about. */
export interface Bench {
  /** Its id in `data.list`. */
  readonly data: string;
  /** A preset's name, `model:NAME`, or a draft that is being edited; undefined: chosen for the data. */
  readonly model: string | ModelDraft | undefined;
  /** The run that is tested and classifies. */
  readonly run: string | undefined;
  /** Undefined: chosen for the data. */
  readonly augmentation: Augmentation | undefined;
  /** What a person decided about the training; the rest is chosen from the pictures. */
  readonly choices: Partial<Omit<RequestOf<'train.recipe'>, 'data' | 'model' | 'augmentation'>>;
}

export const builtInData = 'digits';
const first: Bench = { data: builtInData, model: undefined, run: undefined, augmentation: undefined, choices: {} };
const remembered = 'fovea.bench';
/** Named when the studio was started, as this tab has seen it: what a person chose since then stays. */
const seen = 'fovea.named';

interface BenchHold {
  readonly bench: Bench;
  put(change: Partial<Bench>): void;
}

const BenchContext = createContext<BenchHold | undefined>(undefined);

function read(): Bench {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(remembered) ?? 'null');
    return typeof kept === 'object' && kept !== null && typeof (kept as Bench).data === 'string'
      ? { ...first, ...kept }
      : first;
  } catch {
    return first;
  }
}

/** A training of what lies on the bench, as the workbench is asked for it. */
export const trainingOf = ({ data, model, augmentation, choices }: Bench): RequestOf<'train.recipe'> => ({
  data,
  ...(model === undefined ? {} : { model: model as string | Record<string, unknown> }),
  ...(augmentation === undefined ? {} : { augmentation: augmentation as RequestOf<'train.recipe'>['augmentation'] }),
  ...choices,
});

/** What was named when this tab last asked; from now on, what is named today. */
function namedBefore(known: ResultOf<'data.list'>['data']): string {
  const named = namedData(known);
  try {
    const before = sessionStorage.getItem(seen) ?? '';
    sessionStorage.setItem(seen, named);
    return before;
  } catch {
    return named;
  }
}

/** Remembered in this browser, so that a reload finds the bench as it was left. */
export function BenchProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [bench, setBench] = useState(read);
  useEffect(() => {
    try {
      localStorage.setItem(remembered, JSON.stringify(bench));
    } catch {
      // Nothing is lost but the choice for the next visit.
    }
  }, [bench]);
  const known = useAnswer('data.list', {}).value?.data;
  useEffect(() => {
    if (!known) return;
    const before = namedBefore(known);
    setBench((bench) => layOut(bench, known, before, first));
  }, [known]);
  const put = useCallback((change: Partial<Bench>) => setBench((before) => ({ ...before, ...change })), []);
  const hold = useMemo(() => ({ bench, put }), [bench, put]);
  return <BenchContext value={hold}>{children}</BenchContext>;
}

export function useBench(): BenchHold {
  const hold = useContext(BenchContext);
  if (!hold) throw new Error('useBench is for what stands within a BenchProvider');
  return hold;
}
