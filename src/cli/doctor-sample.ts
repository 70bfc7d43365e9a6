import type { Diagnosis } from '../diagnose-mirrors.ts';
import type { RightSample } from '../doctor/check-mirror.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import type { Clock } from '../kit/clock.ts';
import type { CopyWork } from '../upkeep/work.ts';
import type { Project } from './project-files.ts';

/** The file that each mirror is asked for, and what go.sum of the project here says of it. */
export type Sample = { readonly file: VersionFile; readonly goSumH1: string | undefined };

/** A zip that every public mirror has. */
export const PUBLIC_SAMPLE: VersionFile = { kind: 'zip', module: 'golang.org/x/text', version: 'v0.3.0' };

/** Whoever waits for doctor waits for the mirrors anyway, and not longer for the database. */
const DATABASE_MS = 5000;

/** A zip of the project, whose hash its go.sum has; else one that is public. Pure. */
export function sampleOf(project: Project | undefined): Sample {
  const entries = project?.goSums.flatMap(({ goSum }) => goSum.entries) ?? [];
  const zip = entries.find(({ kind, module }) => kind === 'zip' && module.startsWith('golang.org/x/'));
  if (zip === undefined) return { file: PUBLIC_SAMPLE, goSumH1: undefined };
  return { file: { kind: 'zip', module: zip.module, version: zip.version }, goSumH1: zip.h1 };
}

/** What the checksum database says of the sample, where it answers in time. Rejects with the signal's reason only. */
export async function databaseH1(
  { file: { module, version } }: Sample,
  { verifier, signal }: CopyWork,
  clock: Clock,
): Promise<string | undefined> {
  const late = new AbortController();
  const timer = clock.after(DATABASE_MS, () => late.abort());
  try {
    const expected = await verifier.expect(module, version, AbortSignal.any([signal, late.signal]));
    return expected.kind === 'known' ? expected.zip : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  } finally {
    timer.cancel();
  }
}

/** What the sample ought to be: by the database, else by go.sum, else by most mirrors; one against one says nothing. Pure. */
export function rightOf(
  { file: { module, version }, goSumH1 }: Sample,
  ofDatabase: string | undefined,
  seen: readonly Pick<Diagnosis, 'sample'>[],
): RightSample | undefined {
  const name = `${module}@${version}`;
  if (ofDatabase !== undefined) return { name, h1: ofDatabase, by: 'database' };
  if (goSumH1 !== undefined) return { name, h1: goSumH1, by: 'go.sum' };
  const hashes = seen.flatMap(({ sample }) => sample?.h1 ?? []);
  const votes = Map.groupBy(hashes, (h1) => h1);
  const [most] = [...votes].sort(([, a], [, b]) => b.length - a.length);
  if (most === undefined || hashes.length < 2 || most[1].length <= hashes.length / 2) return undefined;
  return { name, h1: most[0], by: 'mirrors' };
}
