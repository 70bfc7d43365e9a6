import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Clock, systemClock } from '../../src/kit/clock.ts';
import { diskStoreFolders, openDiskStore } from '../../src/store/disk-store.ts';
import { ownerOf, processRuns } from '../../src/store/own-file-name.ts';
import { contentFor, HEAD, isKey, recordFor, sumOf } from './crash-content.ts';

/** What the writers said that they had finished. */
export type Promised = { readonly keys: Set<string>; readonly records: Set<string>; head: number };

/** What one look at a folder found. */
export type Look = {
  readonly files: number;
  readonly records: number;
  readonly lists: number;
  /** Unfinished files of killed writers. */
  readonly leftovers: number;
  /** What must never be, in words. */
  readonly violations: readonly string[];
};

const HOUR_MS = 60 * 60 * 1000;
const LATER: Clock = { ...systemClock, wallMs: () => systemClock.wallMs() + 25 * HOUR_MS };

/** Looks at everything that stands in a cache folder while nobody writes there, as the last writer left it. */
export async function lookAt(dir: string, promised: Promised): Promise<Look> {
  const violations: string[] = [];
  const names = await filesBelow(dir);
  const unfinished = names.filter((name) => ownerOf(name.slice(name.lastIndexOf('/') + 1)) !== undefined);
  const seen = { files: 0, records: 0, lists: 0 };
  for (const name of names.filter((each) => !unfinished.includes(each))) {
    const key = below('cache/download/', name);
    const record = below('rondo/records/', name);
    if (key?.endsWith('/@v/list') === true) seen.lists += 1;
    else if (key !== undefined) {
      seen.files += 1;
      violations.push(...(await flawsOfFile(dir, key)));
    } else if (record !== undefined) {
      seen.records += 1;
      violations.push(...(await flawsOfRecord(dir, record, promised)));
    } else if (!/^rondo\/(?:lock(?:-journal)?|removals|index\.sqlite(?:-wal|-shm|-journal)?)$/.test(name)) {
      violations.push(`${name} is nobody's`);
    }
  }
  const there = new Set(names);
  for (const key of promised.keys) {
    if (!there.has(`cache/download/${key}`)) violations.push(`${key} was kept and is gone`);
  }
  for (const key of promised.records) {
    if (!there.has(`rondo/records/files/${key}.json`)) violations.push(`the record of ${key} is gone`);
  }
  if (promised.head > 0 && !there.has(`rondo/records/${HEAD}.json`)) violations.push('the head is gone');
  return { ...seen, leftovers: unfinished.length, violations };
}

/**
 * What is wrong with a copy after the next start: each list is that of its folder, and nothing unfinished is a
 * name of the store. With `aDayLater` leftovers must be gone too.
 */
export async function flawsAfterStart(dir: string, aDayLater: boolean): Promise<string[]> {
  const clock = aDayLater ? LATER : systemClock;
  const store = await openDiskStore({ dir, memoryBytes: 0, clock, emit: () => undefined });
  const violations: string[] = [];
  try {
    await store.tidied;
    for await (const key of store.keys('')) {
      if (!isKey(key)) violations.push(`${key} is a key of the store`);
    }
  } finally {
    await store.close();
  }
  const names = await filesBelow(dir);
  const files = new Set(names.map((name) => below('cache/download/', name) ?? ''));
  for (const list of [...files].filter((name) => name.endsWith('/@v/list'))) {
    const stem = list.slice(0, -'list'.length);
    const versions = [...files]
      .filter(
        (name) => name.startsWith(stem) && name.endsWith('.mod') && files.has(name.replace(/mod$/, 'zip')),
      )
      .map((name) => `${name.slice(stem.length, -'.mod'.length)}\n`);
    const text = await readFile(join(diskStoreFolders(dir).download, list), 'utf8');
    if (text !== versions.toSorted().join('')) violations.push(`${list} says ${JSON.stringify(text)}`);
  }
  for (const name of aDayLater ? names : []) {
    const owner = ownerOf(name.slice(name.lastIndexOf('/') + 1));
    // The number of a dead writer may be that of a living process by now.
    if (owner !== undefined && !processRuns(owner.pid)) violations.push(`${name} is still there`);
  }
  return violations;
}

async function flawsOfFile(dir: string, key: string): Promise<string[]> {
  if (!isKey(key)) return [`${key} is no file that anybody kept`];
  const { download } = diskStoreFolders(dir);
  const found = await readFile(join(download, key));
  const flaws: string[] = [];
  if (createHash('sha256').update(found).digest('base64') !== sumOf(key))
    flaws.push(`${key} is wrong: ${found.length} of ${contentFor(key).length} bytes`);
  if (key.endsWith('.ziphash')) {
    const zip = key.slice(key.lastIndexOf('/') + 1, -'hash'.length);
    if (!(await readdir(dirname(join(download, key)))).includes(zip)) flaws.push(`${key} has no zip`);
  }
  return flaws;
}

async function flawsOfRecord(dir: string, name: string, promised: Promised): Promise<string[]> {
  const text = await readFile(join(diskStoreFolders(dir).records, name), 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [`the record ${name} is not whole: ${text.length} characters`];
  }
  if (name === `${HEAD}.json`) {
    const { n } = value as { n: number };
    return n >= promised.head ? [] : [`the head is ${n} and was ${promised.head}`];
  }
  const key = below('files/', name)?.slice(0, -'.json'.length) ?? '';
  return isDeepStrictEqual(value, recordFor(key)) ? [] : [`the record ${name} is wrong`];
}

function below(prefix: string, name: string): string | undefined {
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
