import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LICENCE_FILE = /^(licen[cs]e|notice|copying)([.-].*)?$/i;

/** `node_modules/a/node_modules/@b/c/lib/x.js` -> `node_modules/a/node_modules/@b/c`; undefined for own sources. */
export function packageFolder(input: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

/**
 * The licences of every package of which a file was bundled, for dist/THIRD-PARTY.txt. `inputs` are paths
 * relative to `root`, as esbuild's metafile has them. Throws if a package names no licence at all.
 */
export function thirdPartyLicences(root: string, inputs: Iterable<string>): string {
  const folders = new Set<string>();
  for (const input of inputs) {
    const folder = packageFolder(input);
    if (folder !== undefined) folders.add(folder);
  }
  const parts = [...folders].sort().map((folder) => describePackage(join(root, folder)));
  return [
    'Rondo is licensed under the Apache License 2.0. The bundle contains these packages:\n',
    ...parts,
  ].join(`\n${'-'.repeat(80)}\n\n`);
}

function describePackage(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  if (license === undefined && texts.length === 0) throw new Error(`${name}@${version} names no licence`);
  return [`${name} ${version} (${license ?? 'see below'})`, ...texts].join('\n\n') + '\n';
}
