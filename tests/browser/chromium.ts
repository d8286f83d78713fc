import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';

/** A running browser and where it came from. */
export interface Found {
  readonly browser: Browser;
  readonly origin: string;
  close(): Promise<void>;
}

/** What a browser would otherwise fetch or ask for on its own. */
const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

/** Every one of these is tried, in this order; a name without a folder is looked for in PATH. */
const installed: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', '/opt/google/chrome/chrome'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    'chromium',
  ],
  win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Chromium/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ]),
};

/**
 * A Chromium to test in: the one that `CHROME_PATH` names, else an installed one, else the one that comes with the
 * development dependencies (Linux on x64 alone).
 *
 * @param more switches of this browser's own. @throws Error that says what became of each, when none runs.
 */
export async function launchChromium(more: readonly string[] = []): Promise<Found> {
  const named = process.env.CHROME_PATH;
  const args = [...quiet, ...more];
  if (named) return launch({ executablePath: named, args }, `CHROME_PATH ${named}`);
  const failures: string[] = [];
  for (const executablePath of (installed[process.platform] ?? []).flatMap(located)) {
    try {
      return await launch({ executablePath, args }, `installed ${executablePath}`);
    } catch (error) {
      failures.push(`${executablePath}: ${firstLine(error)}`);
    }
  }
  try {
    return await launchBundled(args);
  } catch (error) {
    failures.push(`@sparticuz/chromium: ${firstLine(error)}`);
  }
  throw new Error(
    `No Chromium runs here (${failures.join('; ')}). Install Chrome or Chromium, or name one by CHROME_PATH. ` +
      'FOVEA_NO_BROWSER=1 leaves the browser out of the tests.',
  );
}

async function launch(options: LaunchOptions, origin: string): Promise<Found> {
  const browser = await chromium.launch({ timeout: 30_000, ...options });
  return { browser, origin, close: () => browser.close() };
}

/** Unpacked into a folder of its own, which goes when the browser goes. */
async function launchBundled(args: readonly string[]): Promise<Found> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(`not for ${process.platform} on ${process.arch}`);
  const folder = mkdtempSync(join(tmpdir(), 'fovea-chromium-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', remove);
  const before = { ...process.env };
  try {
    // It reads these when it is imported: where to unpack, and that it has to bring its libraries along.
    process.env.TMPDIR = folder;
    process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs20.x';
    const { default: bundled } = await import('@sparticuz/chromium');
    const executablePath = await bundled.executablePath();
    const found = await launch(
      { executablePath, args: [...args, '--no-sandbox', '--disable-gpu', '--no-zygote'], env: { ...process.env } },
      'bundled @sparticuz/chromium',
    );
    const close = async (): Promise<void> => {
      await found.close();
      remove();
    };
    return { ...found, close };
  } catch (error) {
    remove();
    throw error;
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

/** The path itself, or the program of that name in PATH; none where it cannot be run. */
function located(program: string): string[] {
  const paths = /[\\/]/.test(program)
    ? [program]
    : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  return paths.filter(isExecutable).slice(0, 1);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const firstLine = (error: unknown): string => String((error as Error).message).split('\n')[0];
