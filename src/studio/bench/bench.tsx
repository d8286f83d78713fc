import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { Augmentation } from '../../core/image/augmentation-spec.ts';
import type { ModelDraft } from '../../core/model/spec.ts';
import type { RequestOf } from '../../core/workbench/studio/index.ts';

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
  const put = useCallback((change: Partial<Bench>) => setBench((before) => ({ ...before, ...change })), []);
  const hold = useMemo(() => ({ bench, put }), [bench, put]);
  return <BenchContext value={hold}>{children}</BenchContext>;
}

export function useBench(): BenchHold {
  const hold = useContext(BenchContext);
  if (!hold) throw new Error('useBench is for what stands within a BenchProvider');
  return hold;
}
