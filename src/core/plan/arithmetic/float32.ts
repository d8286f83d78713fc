/** The nearest float32: what a kernel stores. */
export const fround = Math.fround;
