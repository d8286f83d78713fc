export { run } from './run';
export * from './dispatch';

/** Where free memory begins. */
export function heapBase(): usize {
  return __heap_base;
}
