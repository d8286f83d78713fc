export * from '../core/workbench/pictures/limits.ts';
