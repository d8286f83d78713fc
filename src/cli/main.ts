#!/usr/bin/env node
// Nothing but a start: from Node 22.1 on, what is imported after this is kept compiled between runs.
import module from 'node:module';

(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
await import('./fovea.ts');
