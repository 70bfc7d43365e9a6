import { RondoError } from '../errors/rondo-error.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import { runAtOnce } from '../kit/at-once.ts';
import { keepVersionFile } from '../proxy/keep-version-file.ts';
import { MAX_BYTES } from '../proxy/settings.ts';
import { readProvenance } from '../proxy/trusted-files.ts';
import type { PlainFolder } from '../store/plain-folder.ts';
import type { Expectation } from '../verify/verifier.ts';
import { whyNotKnown } from './check-file.ts';
import type { Version } from './fetch-each.ts';
import { fillSpool } from './fill-spool.ts';
import { versionFilesAmong } from './version-files.ts';
import { saidByVerifier, saidOf, type Said } from './said.ts';
import { countProgress, type CopyWork } from './work.ts';
import { render } from '../words/render.ts';
import { say } from '../words/text.ts';

/** A file that was not imported, and why. */
export type ImportFinding = VersionFile & {
  /** `unverified`: it may be right. `wrong`: it is not. `failed`: this machine failed to read or to keep it. */
  readonly state: 'unverified' | 'wrong' | 'failed';
  readonly why: Said;
  /** It is exempt from the checksum database: whoever trusts the folder may take it. */
  readonly exempt?: true;
  readonly expected?: string;
  readonly found?: string;
  /** What helps. */
  readonly hint?: Said;
};

/** What became of the files of a folder. */
export type ImportReport = {
  readonly imported: number;
  readonly importedBytes: number;
  /** How many of them are on trust: exempt from the checksum database, and unknown to the copy. */
  readonly trusted: number;
  /** Files that the copy had already, verified. */
  readonly already: number;
  /** `.info` files of versions of which there was nothing else that is right: nothing vouches for them. */
  readonly alone: number;
  /** Versions of which the folder has files. */
  readonly versions: number;
  /** By module and version. */
  readonly findings: readonly ImportFinding[];
};

/** One version, and which of its files are to be taken. */
export type FolderVersion = Version & { readonly kinds: readonly VersionFile['kind'][] };

/** Who is believed where no checksum database vouches for a file. */
export type ImportTrust = {
  /** The folder. */
  readonly trust?: boolean;
  /** Whoever knows the hash of a file: a project's go.sum. */
  readonly vouched?: (file: VersionFile) => string | undefined;
};

/** An `.info` is judged by what stands beside it. */
const ORDER = ['mod', 'zip', 'info'] as const;

/**
 * Takes the versions of a GOMODCACHE or of a folder for `file://` into the copy. Whoever wrote that folder may be
 * anybody: each file is copied out of it, the copy is hashed and compared with the checksum database, as if a
 * mirror had sent it, and only then it becomes visible. Its `list` files, its `.ziphash` files and what it says of
 * the checksum database count for nothing here. What the copy has is passed over, so that a second run goes on.
 * For what is exempt from the database only a hash that the copy has kept can vouch; without one it is taken where
 * `trust` says so, and named otherwise.
 * @throws RondoError E_STORE where the folder cannot be walked; the signal's reason
 */
export async function importFolder(
  folder: PlainFolder,
  work: CopyWork,
  trust: ImportTrust = {},
): Promise<ImportReport> {
  return importVersions(await versionsIn(folder, work.signal), folder, work, trust);
}

/**
 * As importFolder, and of these versions alone.
 * @throws as importFolder
 */
export async function importVersions(
  versions: readonly FolderVersion[],
  folder: PlainFolder,
  work: CopyWork,
  trust: ImportTrust,
): Promise<ImportReport> {
  const count = countProgress(versions.length, work);
  const tally = { imported: 0, importedBytes: 0, trusted: 0, already: 0, alone: 0 };
  const findings: ImportFinding[] = [];
  await runAtOnce(
    versions,
    work.atOnce,
    async ({ kinds, ...version }) => {
      let bytes = 0;
      let vouchedFor = false;
      for (const kind of ORDER.filter((each) => kinds.includes(each))) {
        work.signal.throwIfAborted();
        if (kind === 'info' && !vouchedFor) {
          tally.alone += 1;
          continue;
        }
        const result = await importFile({ ...version, kind }, folder, work, trust);
        if ('state' in result) findings.push(result);
        else vouchedFor = true;
        if (result === ALREADY) tally.already += 1;
        if (!('importedBytes' in result)) continue;
        tally.imported += 1;
        if (result.onTrust) tally.trusted += 1;
        bytes += result.importedBytes;
      }
      tally.importedBytes += bytes;
      count(bytes);
    },
    work.signal,
  );
  return { ...tally, versions: versions.length, findings: findings.toSorted(byKey) };
}

async function versionsIn(folder: PlainFolder, signal: AbortSignal): Promise<FolderVersion[]> {
  const versions = new Map<string, Version & { kinds: VersionFile['kind'][] }>();
  for (const { module, version, kind } of await versionFilesAmong(folder.keys(''), signal)) {
    const known = versions.get(`${module}@${version}`);
    if (known === undefined) versions.set(`${module}@${version}`, { module, version, kinds: [kind] });
    else known.kinds.push(kind);
  }
  return [...versions.values()];
}

const ALREADY = { already: true } as const;

type FileResult =
  | typeof ALREADY
  | { readonly importedBytes: number; readonly onTrust: boolean }
  | ImportFinding;

async function importFile(
  file: VersionFile,
  folder: PlainFolder,
  work: CopyWork,
  { trust = false, vouched = () => undefined }: ImportTrust,
): Promise<FileResult> {
  const { store, newSpool, trusted, signal } = work;
  const finding = (state: ImportFinding['state'], why: Said): ImportFinding => ({ ...file, state, why });
  const spool = newSpool();
  try {
    if (await isHeld(file, work)) return ALREADY;
    const source = await folder.get(storeKey(file));
    if (source === undefined) return finding('failed', say('it went away'));
    const limit = MAX_BYTES[file.kind];
    if (source.sizeBytes > limit) return finding('wrong', say('it is larger than {limit} bytes', { limit }));
    // Before it is copied: 500 MiB that nobody knows of may be a file without blocks.
    const expectation = await expect(file, work);
    if (expectation.kind !== 'known' && expectation.kind !== 'exempt')
      return finding('unverified', whyNotKnown(expectation));
    const expected = expectation.kind === 'exempt' ? vouched(file) : undefined;
    const isKnown = expected !== undefined || (await hasHash(file, work));
    const onTrust = file.kind !== 'info' && expectation.kind === 'exempt' && !isKnown;
    if (onTrust && !trust) return { ...finding('unverified', whyNotKnown(expectation)), exempt: true };
    await fillSpool(spool, source);
    const verdict = await work.verifier.judge(file, spool.candidate(), expectation);
    if (verdict.kind !== 'right') {
      const { kind: _kind, why, ...evidence } = verdict;
      return { ...file, state: 'wrong', why: saidByVerifier(why), ...evidence };
    }
    if (expected !== undefined && verdict.h1 !== expected)
      return {
        ...finding('wrong', say('its hash is not the one in go.sum')),
        expected,
        found: verdict.h1 ?? '',
      };
    await keepVersionFile(file, spool.source(), { right: verdict, mirror: undefined }, trusted, work);
    return { importedBytes: source.sizeBytes, onTrust };
  } catch (error) {
    signal.throwIfAborted();
    // A full disk is full for all.
    if (!(await store.writable())) throw error;
    const help = error instanceof RondoError ? error.said.hint : undefined;
    const hint = help === undefined ? {} : { hint: help };
    return { ...finding('failed', withoutKey(saidOf(error), file)), ...hint };
  } finally {
    await spool.discard();
  }
}

/** The finding names the file already; without it the same cause has the same words. */
function withoutKey(said: Said, file: VersionFile): Said {
  const key = storeKey(file);
  const message = render(said);
  // In English alone: a name within a sentence of the table cannot be taken out of it.
  return message.includes(key) ? message.replaceAll(`${key}hash`, 'its hash').replaceAll(key, 'it') : said;
}

async function expect(file: VersionFile, { verifier, signal }: CopyWork): Promise<Expectation> {
  // An .info has no hash in the database.
  return file.kind === 'info' ? { kind: 'exempt' } : verifier.expect(file.module, file.version, signal);
}

async function hasHash(file: VersionFile, { store }: CopyWork): Promise<boolean> {
  return (await readProvenance(storeKey(file), store))?.h1 !== undefined;
}

async function isHeld(file: VersionFile, { store }: CopyWork): Promise<boolean> {
  const key = storeKey(file);
  const stored = await store.get(key);
  return stored !== undefined && (await readProvenance(key, store))?.etag === stored.etag;
}

function byKey(a: VersionFile, b: VersionFile): number {
  return storeKey(a) < storeKey(b) ? -1 : 1;
}
