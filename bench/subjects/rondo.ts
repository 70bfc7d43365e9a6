import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOutPublishedForm } from '../../scripts/building/published-form.ts';
import type { Subject, SubjectStart } from '../frame/types.ts';
import { freePort, startServer } from './start-process.ts';

/** Rondo in its two forms. */
export type RondoForms = {
  readonly subject: Subject;
  /** `bin/rondo.mjs` of the published form, as npm would install it, and of the checkout. */
  readonly programs: Readonly<Record<NonNullable<SubjectStart['form']>, string>>;
};

/**
 * Bundles the checkout at `root` and lays it out as npm would install it (package.json, bin, dist) in a
 * temporary folder, which goes when this process ends. Its node is the one that runs the bench.
 */
export async function installRondo(root: string): Promise<RondoForms> {
  const folder = mkdtempSync(join(tmpdir(), 'rondo-bench-package-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const programs = {
    bundle: await layOutPublishedForm(root, folder),
    sources: join(root, 'bin', 'rondo.mjs'),
  };
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { programs, subject: subjectOf(programs, version) };
}

function subjectOf(programs: RondoForms['programs'], version: string): Subject {
  return {
    name: 'rondo',
    label: 'Rondo',
    version,
    start: async (options, cleanup) => {
      const { folder, firstPath } = options;
      mkdirSync(folder, { recursive: true });
      const port = await freePort();
      const serve = [
        'serve',
        '--host',
        '127.0.0.1',
        '--port',
        String(port),
        '--cache-dir',
        join(folder, 'copy'),
      ];
      const server = {
        name: 'rondo',
        program: process.execPath,
        args: [programs[options.form ?? 'bundle'], ...serve],
        env: rondoEnvironment(options),
        folder,
        url: `http://127.0.0.1:${port}`,
        readyPath: '/healthz',
        firstPath,
      } as const;
      return startServer(server, cleanup);
    },
  };
}

/** What Rondo sees of the environment beside PATH, HOME and TMPDIR: one line a request, metrics as always. */
export function rondoEnvironment(
  options: Pick<SubjectStart, 'upstreams' | 'separator' | 'gosumdb' | 'settings' | 'env'>,
): Record<string, string> {
  return {
    GOENV: 'off',
    GOPROXY: options.upstreams.join(options.separator ?? ','),
    GOSUMDB: options.gosumdb ?? 'off',
    RONDO_LOG_REQUESTS: 'on',
    ...options.settings,
    ...options.env,
  };
}
