// Which kernels a build for classifying alone holds, by a rule over the list of all: not those whose pass is one of
// training, nor those of files that only training, or measuring the machine, calls. tests/contract/embed-kernels.test.ts
// holds the rule against the plans of every preset and layer.

/** Files whose every kernel computes losses, steps of optimizers, noise of training, or a measurement. */
const files = new Set(['dropout', 'loss', 'muon', 'optimizer', 'peak', 'stochasticDepth', 'winograd_products']);
/** Passes of training, as docs/naming.md builds a kernel's name: `<op>_<pass>[_<variant>]`. */
const passes = /_(backward|statistics|combine|sums|update|reduce)(_|$)|^(reduce_partials|sumPartials)$/;

/** @param kernel its name and the file (without ending) that it stands in. */
export const classifies = ({ name, file }) => !files.has(file) && !passes.test(name);
