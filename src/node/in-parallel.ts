export { inParallel } from '../core/workbench/pictures/in-parallel.ts';
