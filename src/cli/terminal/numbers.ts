/** On a terminal numbers are written as on pages. */
export * from '../../report/numbers.ts';
