import { storeKey } from '../gomod/store-key.ts';
import type { PlainFolder } from '../store/plain-folder.ts';
import { exportFiles, type ExportReport, type WantedFile } from './export-copy.ts';
import { withoutInfo } from './fetch-lacking.ts';
import { exportRecords, type ExportedVersion, type RecordsExport } from './export-records.ts';
import { wantedFiles, type Wanted } from './wanted-files.ts';
import type { CopyWork } from './work.ts';

/**
 * What was written of both; modules that were named, and of which the copy has no version; of how many zips the folder
 * has no `.info`, for want of which `go mod download` fails.
 */
export type FolderExport = ExportReport &
  RecordsExport & { readonly absent: readonly string[]; readonly withoutInfo: number };

/**
 * Writes a folder for `GOPROXY=file://…`: the files that are wanted, and what a client with GOSUMDB on asks of the
 * checksum database for them. Safe to be ended and run again. The caller closes the folder, which writes its lists.
 * @throws as exportFiles and exportRecords
 */
export async function exportFolder(
  wanted: Wanted,
  folder: PlainFolder,
  work: CopyWork,
): Promise<FolderExport> {
  const files = await wantedFiles(wanted, work);
  const found = new Set(files.map(({ module }) => module));
  const absent = wanted.words.map(({ module }) => module).filter((module) => !found.has(module));
  return { ...(await exportWhole(files, folder, work)), absent };
}

/**
 * As exportFolder, and of these files alone.
 * @throws as exportFolder
 */
export async function exportWhole(
  files: readonly WantedFile[],
  folder: PlainFolder,
  work: CopyWork,
): Promise<Omit<FolderExport, 'absent'>> {
  const report = await exportFiles(files, folder, work);
  const left = new Set(report.findings.map(storeKey));
  const there = files.filter((file) => !left.has(storeKey(file)));
  const records = await exportRecords(await withRecords(there, work), folder, work);
  const zips = there.filter(({ kind }) => kind === 'zip');
  return { ...report, ...records, withoutInfo: (await withoutInfo(zips, folder)).length };
}

/** The versions of which a client will ask for the record: go asks for none of those that the user has exempted. */
async function withRecords(files: readonly WantedFile[], work: CopyWork): Promise<ExportedVersion[]> {
  const versions = new Map<string, ExportedVersion>();
  for (const { module, version, kind } of files) {
    if (kind !== 'info') versions.set(`${module}@${version}`, { module, version });
  }
  const asked: ExportedVersion[] = [];
  for (const version of versions.values()) {
    const expectation = await work.verifier.expect(version.module, version.version, work.signal);
    if (expectation.kind !== 'exempt') asked.push(version);
  }
  return asked;
}
