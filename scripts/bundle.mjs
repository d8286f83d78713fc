// The command in one file, and one for each part that is loaded when first needed, so that it starts quickly: some 300
// modules that are found, read and linked one by one took most of the time of a `fovea classify`, and 75 pieces that
// some of the later parts share with it still a tenth. What is published as a library stays as the compiler wrote it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const sharpEntry = fileURLToPath(import.meta.resolve('sharp'));
const sharpVersion = JSON.parse(readFileSync(join(dirname(sharpEntry), '../package.json'), 'utf8')).version;

/**
 * sharp finds its machine code by its own place in node_modules, and both must be of one version. So its scripts, half
 * the modules of all, are bundled to look from that place, and are used where the sharp that is installed is the one
 * that they are from; else that one is loaded as it is.
 */
const bundledSharp = {
  name: 'bundled-sharp',
  enforce: 'pre',
  resolveId(source, importer) {
    if (source === 'sharp/bundled') return sharpEntry;
    if (source === 'sharp') return importer === '\0sharp' ? { id: 'sharp', external: true } : '\0sharp';
  },
  load(id) {
    if (id !== '\0sharp') return undefined;
    return `
      import { readFileSync } from 'node:fs';
      const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.resolve('sharp')), 'utf8'));
      const { default: sharp } = version === '${sharpVersion}' ? await import('sharp/bundled') : await import('sharp');
      export default sharp;`;
  },
  transform(code, id) {
    if (!id.startsWith(dirname(sharpEntry))) return undefined;
    return { code: code.replaceAll('import.meta.url', "import.meta.resolve('sharp')"), map: null };
  },
};

/** @param root the package's folder. Writes dist/cli/fovea.js, which main.js loads, and what it loads in turn. */
export async function bundleCommand(root) {
  const result = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [bundledSharp],
    // Servers are long in the running, so theirs may be found one by one; and parts of them do not stand being bundled.
    ssr: { noExternal: true, external: ['fastify', '@fastify/multipart', 'prom-client', 'selfsigned'] },
    build: {
      ssr: true,
      target: 'node20',
      outDir: join(root, 'dist/cli'),
      emptyOutDir: false,
      sourcemap: true,
      rolldownOptions: {
        input: join(root, 'src/cli/fovea.ts'),
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: '[name].js',
          codeSplitting: { groups: [{ name: 'command', tags: ['$initial'] }] },
          minify: {
            compress: true,
            mangle: { toplevel: true, keepNames: { function: true, class: true } },
            codegen: true,
          },
        },
      },
    },
  });
  writeLicenses(join(root, 'dist/cli/LICENSES.txt'), bundledPackages(result.output));
}

/** Folders of the packages whose modules are in the bundle. */
function bundledPackages(chunks) {
  const modules = chunks.flatMap(({ moduleIds = [] }) => moduleIds);
  const folders = modules.map((id) => /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)/.exec(id)?.[1]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/** Their licences ask to go along with copies of them. */
function writeLicenses(file, packages) {
  const texts = packages.map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const license = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (!license) throw new Error(`the package ${name}, which is bundled, has no licence file`);
    return `${name} ${version}\n\n${readFileSync(join(folder, license), 'utf8').trim()}\n`;
  });
  writeFileSync(file, texts.join(`\n${'-'.repeat(80)}\n\n`));
}
