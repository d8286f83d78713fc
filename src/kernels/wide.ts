/**
 * Whether these are the kernels for turbo: 16 channels at once where others do 8, which V8 turns into two registers of
 * 256 bits. In registers of 128 bits so many sums do not fit, and the same code is slower. The build writes `true` here
 * for one of its modules; the order of each element's sum is the same, so bits are.
 */
// @ts-ignore: decorator
@inline
export const WIDE: bool = false;
