import type { Plugin } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

/** How a source names the program of a worker thread; the one form that the bundle understands. */
const WORKER_URL = /new URL\(\s*(['"])(\.{1,2}\/[^'"]+)\.ts\1,\s*import\.meta\.url,?\s*\)/g;

/**
 * Rewrites `new URL('./x.ts', import.meta.url)` in `source` so that it names the bundled worker, which
 * lies beside the bundle as `x.js`. `onWorker` hears of each as an absolute path without its ending.
 */
export function rewriteWorkerUrls(source: string, file: string, onWorker: (path: string) => void): string {
  return source.replaceAll(WORKER_URL, (_match, _quote, path: string) => {
    onWorker(resolve(dirname(file), path));
    return `new URL('./${basename(path)}.js', import.meta.url)`;
  });
}

/**
 * An esbuild plugin that does so for the sources of Rondo below `sourceFolder`. The build fails if a
 * source names a worker that is not one of `workers` (absolute paths), since nothing would bundle it.
 */
export function workerUrls(sourceFolder: string, workers: readonly string[]): Plugin {
  return {
    name: 'worker-urls',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!path.startsWith(sourceFolder)) return undefined;
        const unknown: string[] = [];
        const contents = rewriteWorkerUrls(await readFile(path, 'utf8'), path, (worker) => {
          if (!workers.includes(`${worker}.ts`)) unknown.push(worker);
        });
        const errors = unknown.map((worker) => ({
          text: `${worker}.ts is not a worker of the bundle: add it to WORKERS in scripts/building/bundle.ts`,
          location: { file: path },
        }));
        return { contents, loader: 'ts', errors };
      });
    },
  };
}
