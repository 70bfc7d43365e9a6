import { createHash } from 'node:crypto';
import type { ChecksumDatabase } from './checksum-database.ts';
import { escapeName, type FixtureModule } from './fixture-modules.ts';
import type { FixtureQuery } from './fixture-world.ts';
import type { MirrorFileKind } from './mirror-fault.ts';

/** A whole answer of a mirror, before anything goes wrong with it. Header names are lower-case. */
export type WholeAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

/** What a mirror carries. */
export type MirrorContent = {
  /** The right answer for a path below the base path; 404 where the mirror has nothing. */
  answer(path: string): WholeAnswer;
  /** The zip of the first module that is not the one that `path` names. */
  otherZip(path: string): WholeAnswer;
};

const TEXT = 'text/plain; charset=utf-8';
const PSEUDO_VERSION = /^v\d+\.(0\.0-|\d+\.\d+-([^+]*\.)?0\.)\d{14}-[A-Za-z0-9]+(\+incompatible)?$/;
const CANONICAL_VERSION = /^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+incompatible)?$/;

/** What `path` names, judged by its form alone. */
export function fileKindOf(path: string): MirrorFileKind {
  if (path.startsWith('/sumdb/')) return 'sumdb';
  if (path.endsWith('/@latest')) return 'latest';
  if (path.endsWith('/@v/list')) return 'list';
  const found = /\/@v\/(.+)\.(info|mod|zip)$/.exec(path);
  if (found === null) return 'other';
  const suffix = found[2] as 'info' | 'mod' | 'zip';
  return suffix === 'info' && !CANONICAL_VERSION.test(found[1] ?? '') ? 'query' : suffix;
}

/** A 404 as a mirror words it that knows what it says. */
export function notFound(path: string): WholeAnswer {
  const name = path.slice(1).replace(/\/@v\/(.+)\.\w+$/, '@$1');
  return answerOf(404, TEXT, Buffer.from(`not found: ${name}: invalid version: unknown revision\n`));
}

/** An answer with its Content-Type and Content-Length. */
export function answerOf(status: number, type: string, body: Buffer): WholeAnswer {
  return { status, headers: { 'content-type': type, 'content-length': String(body.length) }, body };
}

/** Lays out every file that a mirror with these modules, queries and database answers. */
export function mirrorContent(
  modules: readonly FixtureModule[],
  queries: readonly FixtureQuery[],
  database?: ChecksumDatabase,
): MirrorContent {
  const files = new Map<string, WholeAnswer>();
  const byPath = Map.groupBy(modules, (module) => module.path);
  for (const [path, versions] of byPath) layOutModule(files, `/${escapeName(path)}`, versions);
  for (const { path, query, version } of queries) {
    const info = byPath.get(path)?.find((module) => module.version === version)?.info;
    const name = `/${escapeName(path)}/@v/${escapeName(query)}.info`;
    if (info !== undefined) files.set(name, answerOf(200, 'application/json', info));
  }
  const zips = [...files].filter(([name]) => name.endsWith('.zip'));
  const sumdbPrefix = database === undefined ? undefined : `/sumdb/${database.name}/`;
  return {
    answer(path) {
      if (database !== undefined && sumdbPrefix !== undefined && path.startsWith(sumdbPrefix)) {
        const said = database.answer(path.slice(sumdbPrefix.length - 1));
        return answerOf(said.status, said.type, said.body);
      }
      return files.get(path) ?? notFound(path);
    },
    otherZip(path) {
      const folder = path.slice(0, path.indexOf('/@v/') + 1);
      return zips.find(([name]) => !name.startsWith(folder))?.[1] ?? notFound(path);
    },
  };
}

function layOutModule(
  files: Map<string, WholeAnswer>,
  prefix: string,
  versions: readonly FixtureModule[],
): void {
  const listed = versions.map((module) => module.version).filter((version) => !PSEUDO_VERSION.test(version));
  const list = Buffer.from(listed.map((version) => `${version}\n`).join(''));
  files.set(`${prefix}/@v/list`, answerOf(200, TEXT, list));
  const latest = latestOf(versions);
  if (latest !== undefined) files.set(`${prefix}/@latest`, answerOf(200, 'application/json', latest.info));
  for (const module of versions) {
    const stem = `${prefix}/@v/${escapeName(module.version)}`;
    files.set(`${stem}.info`, fileAnswer('application/json', module.info));
    files.set(`${stem}.mod`, fileAnswer(TEXT, module.mod));
    files.set(`${stem}.zip`, fileAnswer('application/zip', module.zip));
  }
}

/** By the order in which the versions stand: the last release, else pre-release, else pseudo-version. */
function latestOf(versions: readonly FixtureModule[]): FixtureModule | undefined {
  return (
    versions.findLast((module) => !module.version.includes('-')) ??
    versions.findLast((module) => !PSEUDO_VERSION.test(module.version)) ??
    versions.at(-1)
  );
}

/** A file that never changes: with a strong validator, so that a broken transfer can go on. */
function fileAnswer(type: string, body: Buffer): WholeAnswer {
  const whole = answerOf(200, type, body);
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`;
  return { ...whole, headers: { ...whole.headers, etag, 'accept-ranges': 'bytes' } };
}
