import type { DataSource } from '../../dataset/dataset.ts';
import type { PictureSet, SourceKind } from '../../dataset/sources/content.ts';
import type { Understood } from '../../dataset/sources/recognise.ts';
import type { ReadLimits } from './limits.ts';

/** Data found and understood. Pictures are listed only; pixels of arrays are in memory already. */
export type FoundData = { readonly limits?: ReadLimits } & (
  | { readonly kind: 'built-in' | SourceKind; readonly understood?: Understood; readonly source: DataSource }
  | { readonly kind: SourceKind; readonly understood: Understood; readonly pictures: PictureSet }
);
