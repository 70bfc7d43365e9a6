import { globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { build } from 'vite';
import { thirdPartyLicences } from './third-party.ts';

/** Where the page's files are served, below the base path; index.html itself is the front page. */
const ASSETS_PATH = './-/ui/';
/** Sources of the page: all that a change of which makes it another. */
const SOURCES = ['dashboard/**/*', 'package-lock.json', 'scripts/building/dashboard.ts'] as const;

/** One file of the page that was built. */
export type PageFile = {
  readonly path: string;
  readonly sizeBytes: number;
  /** As brotli. */
  readonly compressedBytes: number;
};

/**
 * Builds dashboard/ into `outFolder`, each file also with `.br` and `.gz` beside it, with the licences of what it contains,
 * and replaces what was there in one step. Rejects if it does not build.
 */
export async function buildDashboard(root: string, outFolder: string): Promise<readonly PageFile[]> {
  // Loaded here: who only asks whether the page is fresh does not wait for it.
  const { build: bundle } = await import('vite');
  const newFolder = `${outFolder}.${process.pid}.new`;
  const built = await bundle({
    configFile: false,
    root: join(root, 'dashboard'),
    logLevel: 'error',
    publicDir: false,
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    experimental: {
      renderBuiltUrl: (file, { hostType }) => (hostType === 'html' ? ASSETS_PATH + file : { relative: true }),
    },
    build: {
      outDir: newFolder,
      emptyOutDir: true,
      assetsDir: '',
      // Data URLs would need a wider policy.
      assetsInlineLimit: 0,
      modulePreload: false,
      target: 'es2023',
      reportCompressedSize: false,
    },
  });
  const files = globSync('**/*', { cwd: newFolder })
    .toSorted()
    .map((path) => compress(newFolder, path));
  writeFileSync(join(newFolder, 'THIRD-PARTY.txt'), thirdPartyLicences(root, inputsOf(root, built)));
  rmSync(outFolder, { recursive: true, force: true });
  mkdirSync(join(outFolder, '..'), { recursive: true });
  renameSync(newFolder, outFolder);
  return files;
}

/** The sources of the bundle, relative to the repository. */
function inputsOf(root: string, built: Awaited<ReturnType<typeof build>>): string[] {
  return (Array.isArray(built) ? built : [built])
    .flatMap((each) => ('output' in each ? each.output : []))
    .flatMap((each) => (each.type === 'chunk' ? Object.keys(each.modules) : []))
    .map((path) => relative(root, path));
}

function compress(folder: string, path: string): PageFile {
  const content = readFileSync(join(folder, path));
  const compressed = brotliCompressSync(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
  });
  writeFileSync(join(folder, `${path}.br`), compressed);
  // Browsers take brotli over TLS and from their own machine alone.
  writeFileSync(join(folder, `${path}.gz`), gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
  return { path, sizeBytes: content.length, compressedBytes: compressed.length };
}

/** Whether the page in `outFolder` is there and no source is newer than it. */
export function isFresh(root: string, outFolder: string): boolean {
  const built = statSync(join(outFolder, 'index.html'), { throwIfNoEntry: false });
  if (built === undefined) return false;
  return SOURCES.flatMap((pattern) => globSync(pattern, { cwd: root })).every(
    (path) => statSync(join(root, path)).mtimeMs <= built.mtimeMs,
  );
}
