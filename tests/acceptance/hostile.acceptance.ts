// Readers against 10,000 mutated inputs of each format; `npm test` tries 300.
process.env.FOVEA_MUTATIONS ??= '10000';
await import('../hostile/mutations.test.ts');
await import('../hostile/models.test.ts');
