import { decodeAll as decodeAllBy } from '../core/workbench/pictures/decode-all.ts';
import { nodeCodec } from './codec.ts';

export { checkSize, type DecodeAllOptions, type LabelledFile } from '../core/workbench/pictures/decode-all.ts';

/** As the core's, with this machine's codec. */
export const decodeAll = decodeAllBy.bind(undefined, nodeCodec);
