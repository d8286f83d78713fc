// Builds everything: the kernels (AssemblyScript → WebAssembly; with threads, without, for turbo, and
// for classifying alone), the library and
// the command (TypeScript → dist), the benchmark's programs. `--kernels` builds the kernels alone.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildEmbed } from './build-embed.mjs';
import { buildStudio } from './build-studio.mjs';
import { bundleCommand } from './bundle.mjs';
import { classifies } from './classify-kernels.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const only = process.argv.slice(2);

function runNode(file, args) {
  const result = spawnSync(process.execPath, [join(root, file), ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/**
 * A kernel is every exported function with the kernels' signature; being there is being listed. The dispatcher calls
 * kernels by number; the module exports each number as a global of the kernel's name, so no second list exists.
 * @param chosen tells which of them the module is to hold.
 */
function writeDispatch(folder, chosen) {
  const kernels = [];
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.ts') || file === 'dispatch.ts') continue;
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, name] of text.matchAll(
      /^export function (\w+)\(args: usize, chunk: i32, n: i32, scratch: usize\): void/gm,
    )) {
      const kernel = { name, file: file.slice(0, -3) };
      if (chosen(kernel)) kernels.push(kernel);
    }
  }
  const lines = [
    '// Written by scripts/build.mjs from the kernels in this folder.',
    ...kernels.map(({ name, file }) => `import { ${name} as ${name}_ } from './${file}';`),
    '',
    'export function dispatch(kernel: i32, args: usize, chunk: i32, n: i32, scratch: usize): void {',
    '  switch (kernel) {',
    ...kernels.map(({ name }, i) => `    case ${i}: ${name}_(args, chunk, n, scratch); break;`),
    '    default: unreachable();',
    '  }',
    '}',
    ...kernels.map(({ name }, i) => `export const ${name}: i32 = ${i};`),
    '',
  ];
  writeFileSync(join(folder, 'dispatch.ts'), lines.join('\n'));
}

/** Writes the one constant in which the kernels for turbo differ from the others. */
function setWide(folder, wide) {
  const file = join(folder, 'wide.ts');
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(/WIDE: bool = \w+/, `WIDE: bool = ${wide}`);
  if (!changed.includes(`WIDE: bool = ${wide};`)) throw new Error(`Expected the constant WIDE in ${file}.`);
  writeFileSync(file, changed);
}

/** Newest change below a folder, in milliseconds. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  // A folder's own time tells of files that are gone.
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function buildKernels() {
  const source = join(root, 'src/kernels');
  const out = join(root, 'dist/kernels');
  const threads = ['--enable', 'simd,threads', '--sharedMemory', '--maximumMemory', '65536'];
  const targets = [
    { file: join(out, 'kernels.wasm'), flags: ['--enable', 'simd'] },
    { file: join(out, 'kernels-threads.wasm'), flags: threads },
    { file: join(out, 'kernels-classify.wasm'), flags: ['--enable', 'simd'], chosen: classifies },
    { file: join(out, 'kernels-turbo.wasm'), flags: threads, wide: true },
  ];
  const changed = Math.max(
    newest(source),
    ...['build.mjs', 'classify-kernels.mjs'].map((script) => newest(join(root, 'scripts', script))),
  );
  if (targets.every(({ file }) => existsSync(file) && statSync(file).mtimeMs >= changed)) return;
  // Built in a copy: the dispatcher is generated and does not belong to the sources.
  const work = join(root, 'dist/.kernels');
  rmSync(work, { recursive: true, force: true });
  cpSync(source, work, { recursive: true });
  mkdirSync(out, { recursive: true });
  for (const { file, flags, wide = false, chosen = () => true } of targets) {
    writeDispatch(work, chosen);
    setWide(work, wide);
    runNode('node_modules/assemblyscript/bin/asc.js', [
      'dist/.kernels/index.ts',
      '--outFile',
      file,
      '--runtime',
      'stub',
      '--importMemory',
      '--noAssert',
      '--optimizeLevel',
      '1',
      '--shrinkLevel',
      '0',
      ...flags,
    ]);
  }
}

buildKernels();
if (!only.includes('--kernels')) {
  // What runs in browsers has their types, so it is a project of its own. It comes first: it writes core along with
  // itself, and the next project writes core as it is for all.
  runNode('node_modules/@typescript/native/bin/tsc', ['-p', 'src/browser/tsconfig.build.json']);
  runNode('node_modules/@typescript/native/bin/tsc', ['-p', 'tsconfig.build.json']);
  cpSync(join(root, 'src/server/serving/page'), join(root, 'dist/server/serving/page'), { recursive: true });
  await bundleCommand(root);
  await buildStudio(root, newest);
  await buildEmbed(root, newest);
  if (existsSync(join(root, 'bench/stdio.ts'))) {
    runNode('node_modules/@typescript/native/bin/tsc', ['-p', 'bench/tsconfig.json']);
  }
  // Only a build that came to its end is fresh; see scripts/start.mjs.
  writeFileSync(join(root, 'dist/.built'), '');
}
