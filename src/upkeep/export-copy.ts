import type { VersionFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import { runAtOnce } from '../kit/at-once.ts';
import { candidateOf } from '../proxy/version-file-plan.ts';
import type { PlainFolder } from '../store/plain-folder.ts';
import { createSpool } from '../store/spool.ts';
import type { StoredFile } from '../store/store.ts';
import { checkFile } from './check-file.ts';
import { fillSpool } from './fill-spool.ts';
import { saidOf, type Said } from './said.ts';
import { countProgress, type CopyWork } from './work.ts';
import { say } from '../words/text.ts';

/** A file that is to be exported. */
export type WantedFile = VersionFile & {
  /** What a go.sum says of it; absent where nobody but the copy was asked. */
  readonly h1?: string;
};

/** A file that was not exported, and why. */
export type ExportFinding = VersionFile & {
  /**
   * `missing`: the copy has it not. `unproven`: nothing says what it ought to be. `wrong`: it is not what it ought to
   * be. `foreign`: the folder has another file of that name, which was left as it is. `failed`: this machine
   * failed to read or to write it.
   */
  readonly state: 'missing' | 'unproven' | 'wrong' | 'foreign' | 'failed';
  readonly why: Said;
  readonly expected?: string;
  readonly found?: string;
};

/** What an export has done. */
export type ExportReport = {
  readonly exported: number;
  readonly exportedBytes: number;
  /** Files that the folder had already. */
  readonly already: number;
  /** By module and version. */
  readonly findings: readonly ExportFinding[];
};

/**
 * Writes files of the copy into a folder for `GOPROXY=file://…`, each hashed on its way, so that a bad disk is found
 * here and not by whom the folder is for. What the folder has already is left: equal files are passed over, so that a
 * second run goes on, and others are named. The caller closes the folder, which writes its lists.
 * @throws the signal's reason
 */
export async function exportFiles(
  wanted: readonly WantedFile[],
  folder: PlainFolder,
  work: CopyWork,
): Promise<ExportReport> {
  const count = countProgress(wanted.length, work);
  const tally = { exported: 0, exportedBytes: 0, already: 0 };
  const findings: ExportFinding[] = [];
  await runAtOnce(
    wanted,
    work.atOnce,
    async (file) => {
      const result = await exportFile(file, folder, work);
      if ('state' in result) findings.push(result);
      else if (result.bytes === undefined) tally.already += 1;
      else {
        tally.exported += 1;
        tally.exportedBytes += result.bytes;
      }
      count('bytes' in result ? (result.bytes ?? 0) : 0);
    },
    work.signal,
  );
  findings.sort((a, b) => (storeKey(a) < storeKey(b) ? -1 : 1));
  return { ...tally, findings };
}

/** `bytes` is undefined where the folder had the file. */
type FileResult = { readonly bytes: number | undefined } | ExportFinding;

async function exportFile(
  { h1, ...file }: WantedFile,
  folder: PlainFolder,
  work: CopyWork,
): Promise<FileResult> {
  const key = storeKey(file);
  const finding = (state: ExportFinding['state'], why: Said): ExportFinding => ({ ...file, state, why });
  // On the disk of the folder, so that a whole file is moved into place.
  const spool = createSpool({ dir: folder.path });
  try {
    const stored = await work.store.get(key);
    if (stored === undefined) return finding('missing', say('not in the copy'));
    const there = await folder.get(key);
    if (there !== undefined) {
      const isSame = await isAsGood(file, there, stored, work);
      if (!isSame) return finding('foreign', say('the folder has another file of that name'));
      folder.listed(key);
      return { bytes: undefined };
    }
    await fillSpool(spool, stored);
    const check = await checkFile(file, spool.candidate(), stored.etag, work);
    if (check.kind !== 'right') {
      const { kind: state, ...evidence } = check;
      return { ...file, state, ...evidence };
    }
    const found = check.right.h1;
    if (h1 !== undefined && found !== undefined && found !== h1) {
      return { ...finding('wrong', say('go.sum has another hash for it')), expected: h1, found };
    }
    await folder.put(key, spool.source());
    return { bytes: stored.sizeBytes };
  } catch (error) {
    work.signal.throwIfAborted();
    return finding('failed', saidOf(error));
  } finally {
    await spool.discard();
  }
}

/** Zips that hold the same may differ in their bytes; of an `.info` nothing but its bytes tells. */
async function isAsGood(
  file: VersionFile,
  there: StoredFile,
  stored: StoredFile,
  work: CopyWork,
): Promise<boolean> {
  if (file.kind === 'info') return there.bytes !== undefined && stored.bytes?.equals(there.bytes) === true;
  return (await checkFile(file, await candidateOf(there), there.etag, work)).kind === 'right';
}
