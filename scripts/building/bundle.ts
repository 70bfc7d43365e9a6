import { build, type Plugin } from 'esbuild';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { httpWithoutClient, undiciInPart } from './light-imports.ts';
import { thirdPartyLicences } from './third-party.ts';
import { workerUrls } from './worker-urls.ts';

/** Programs of worker threads: each becomes a file of its own beside the bundle. */
const WORKERS = ['src/verify/hash-worker.ts'] as const;

/** What most never load becomes a file of its own as well, and is imported from there. */
const APART = ['src/telemetry/otlp-export.ts'] as const;

/**
 * Some bundled packages are CommonJS and call `require` for node's own modules, which an ES module does
 * not have.
 */
const BANNER = [
  `import { createRequire as __createRequire } from 'node:module';`,
  `const require = __createRequire(import.meta.url);`,
  `const __dirname = import.meta.dirname;`,
].join('\n');

/** Without line ends a stack trace would tell no place. */
const LINE_LIMIT = 120;

/** What a bundle consists of. */
export type Bundle = {
  readonly files: readonly {
    readonly path: string;
    readonly sizeBytes: number;
    /** How much of it is from node_modules. */
    readonly libraryBytes: number;
  }[];
};

/**
 * Bundles Rondo for publishing into `outFolder`: `rondo.js`, one file a worker, `THIRD-PARTY.txt`. Names
 * are kept as they are and lines are short, so that stack traces can be read. Rejects if something cannot be bundled.
 */
export async function bundleRondo(root: string, outFolder: string): Promise<Bundle> {
  const workers = WORKERS.map((worker) => resolve(root, worker));
  const { metafile, warnings } = await build({
    absWorkingDir: root,
    entryPoints: [
      { in: 'src/main.ts', out: 'rondo' },
      ...[...WORKERS, ...APART].map((path) => ({ in: path, out: path.replace(/^.*\/(.+)\.ts$/, '$1') })),
    ],
    outdir: outFolder,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    banner: { js: BANNER },
    plugins: [workerUrls(join(root, 'src'), workers), apart(APART), httpWithoutClient(), undiciInPart()],
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: LINE_LIMIT,
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
  });
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
  const notices = thirdPartyLicences(root, Object.keys(metafile.inputs));
  writeFileSync(join(outFolder, 'THIRD-PARTY.txt'), notices);
  const files = Object.entries(metafile.outputs).map(([path, { bytes, inputs }]) => ({
    path,
    sizeBytes: bytes,
    libraryBytes: Object.entries(inputs)
      .filter(([input]) => input.includes('node_modules/'))
      .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0),
  }));
  return { files };
}

/** An esbuild plugin that leaves what is imported from `files` when it is needed outside, beside the bundle. */
function apart(files: readonly string[]): Plugin {
  return {
    name: 'apart',
    setup(build) {
      for (const file of files) {
        const name = file.replace(/^.*\/(.+)\.ts$/, '$1');
        build.onResolve({ filter: new RegExp(`/${name}\\.ts$`) }, ({ kind }) =>
          kind === 'dynamic-import' ? { path: `./${name}.js`, external: true } : undefined,
        );
      }
    },
  };
}
