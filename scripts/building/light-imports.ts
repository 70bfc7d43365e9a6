import type { Plugin } from 'esbuild';
import { dirname } from 'node:path';

/**
 * An esbuild plugin that has `node:http` without its namespace. To an ES module that imports it, node hands every
 * property, and one of them (`http.WebSocket`) loads the HTTP client that is built into node: 30 ms and 15 MiB
 * which Rondo, with its own undici, has no use for.
 */
export function httpWithoutClient(): Plugin {
  return {
    name: 'http-without-client',
    setup(build) {
      const namespace = 'node-builtin';
      build.onResolve({ filter: /^(?:node:)?http$/ }, () => ({ path: 'node:http', namespace }));
      build.onLoad({ filter: /^node:http$/, namespace }, ({ path }) => ({
        contents: `module.exports = process.getBuiltinModule('${path}');`,
      }));
    },
  };
}

/**
 * What Rondo has of undici: where each name lies in its package. Its index.js loads everything else too: fetch,
 * WebSockets, caches, mocks.
 */
const OF_UNDICI = {
  Agent: './lib/dispatcher/agent.js',
  Client: './lib/dispatcher/client.js',
  Pool: './lib/dispatcher/pool.js',
} as const;

/** An esbuild plugin that bundles of undici only OF_UNDICI; a source that imports another name fails the build. */
export function undiciInPart(): Plugin {
  const lines = Object.entries(OF_UNDICI).map(
    ([name, path]) => `export { default as ${name} } from '${path}';`,
  );
  return {
    name: 'undici-in-part',
    setup(build) {
      build.onLoad({ filter: /[\\/]undici[\\/]index\.js$/ }, ({ path }) => ({
        contents: lines.join('\n'),
        resolveDir: dirname(path),
      }));
    },
  };
}
