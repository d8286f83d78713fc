// Builds what goes into others' pages: dist/embed/classifier.js, the classifier of `fovea/browser` in one file beside its
// kernels, and dist/embed/page.html, the page that `fovea export --to page` completes with a model's name and bytes.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'vite';

/** @param root the repository. @param newest tells when a path last changed. Comes after the compiler. */
export async function buildEmbed(root, newest) {
  const out = join(root, 'dist/embed');
  const made = join(out, 'page.html');
  const sources = [
    'src/browser',
    'src/core',
    'src/kernels',
    'scripts/build-embed.mjs',
    'package-lock.json',
    'package.json',
  ];
  const changed = Math.max(...sources.map((path) => newest(join(root, path))));
  if (existsSync(made) && statSync(made).mtimeMs >= changed) return;
  mkdirSync(out, { recursive: true });
  writeFileSync(
    join(out, 'classifier.js'),
    await bundle(root, 'dist/browser/classifier-file.js', 'es', { ...optimizers, ...gradients }),
  );
  writeFileSync(join(out, 'node-lock.json'), JSON.stringify(lockedPackages(root), null, 2));
  writeFileSync(made, await page(root));
}

/** One script without imports. @param lowerings as `without` takes them. */
async function bundle(root, entry, format, lowerings = optimizers) {
  const [{ output }] = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [addressesAsTheyAre, without(lowerings)],
    build: {
      write: false,
      target: 'es2022',
      minify: 'oxc',
      lib: { entry: join(root, entry), formats: [format], name: 'fovea' },
      rolldownOptions: { output: { codeSplitting: false }, checks: { pluginTimings: false } },
    },
  });
  return output[0].code;
}

/** The kernels lie beside the script and are not written into it: as text they would be a third larger. */
const addressesAsTheyAre = {
  name: 'addresses-as-they-are',
  enforce: 'pre',
  transform: (code, id) =>
    id.includes('/dist/browser/')
      ? code.replaceAll("new URL('../kernels/", "new URL(/* @vite-ignore */ '../kernels/")
      : undefined,
};

/** Nothing here is trained, and the kernels of optimizers are left out as well (classify-kernels.mjs). */
const optimizers = { 'optimizer.js': 'export const optimizerLowerings = [];' };
/** Where nothing is explained either, no gradient is computed: its kernels are in the page's module alone. */
const gradients = {
  'loss.js': 'export const lossLowerings = [];',
  'winogradGradients.js':
    'export const joinsWinogradGradients = () => false, lowerWinogradBackwardInput = null, lowerWinogradBackwardWeight = null;',
};

/** @param lowerings what stands for files of lowerings that are never needed, by their names. */
const without = (lowerings) => ({
  name: 'without-lowerings',
  load: (id) => (id.includes('/dist/core/plan/lowerings/') ? lowerings[basename(id)] : undefined),
});

/** All but the model. It is allowed what stands in it and nothing else: no request can leave it. */
async function page(root) {
  const read = (file) => readFileSync(join(root, file), 'utf8');
  const { version } = JSON.parse(read('package.json'));
  const style = read('src/browser/exported-page/page.css');
  const script = harmless(await bundle(root, 'dist/browser/exported-page/page.js', 'iife'));
  // Schemas are checked without code made of strings, which the policy forbids.
  const worker = harmless(
    `globalThis.__zod_globalConfig={jitless:true};${await bundle(root, 'dist/browser/exported-page/answer-questions.js', 'iife')}`,
  );
  const kernels = readFileSync(join(root, 'dist/kernels/kernels.wasm')).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}' 'wasm-unsafe-eval'`,
    `style-src '${hashOf(style)}'`,
    'worker-src blob:',
    'img-src blob: data:',
    'media-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const scripts = [
    `<script id="worker" type="text/plain">${worker}</script>`,
    `<script id="kernels" type="text/plain">${kernels}</script>`,
    // The text that the export puts in place; src/core/export/page.ts knows it.
    '<script id="model" type="text/plain">@@FOVEA_MODEL@@</script>',
    `<script>${script}</script>`,
  ].join('\n');
  return read('src/browser/exported-page/page.html')
    .replaceAll('@@FOVEA_VERSION@@', () => version)
    .replace('@@FOVEA_POLICY@@', () => policy)
    .replace('<!--style-->', () => `<style>${style}</style>`)
    .replace('<!--scripts-->', () => scripts);
}

/** Script as the text of a script element: nothing in it ends the element or begins a comment. */
const harmless = (code) => code.replace(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '<\\!--');

const hashOf = (text) => `sha256-${createHash('sha256').update(text).digest('base64')}`;

/**
 * The packages that Fovea needs, as npm's lock of a folder that depends on it alone lists them: the very versions that it
 * was built and tested with.
 */
function lockedPackages(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const { '': own, ...others } = packages;
  const needed = Object.fromEntries(Object.entries(others).filter(([, { dev, devOptional }]) => !dev && !devOptional));
  const { version, license, dependencies, bin, engines } = {
    ...JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
    ...own,
  };
  return { fovea: { version, license, dependencies, bin, engines }, packages: needed };
}
