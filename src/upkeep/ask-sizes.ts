import { runAtOnce } from '../kit/at-once.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import type { WantedFile } from './export-copy.ts';
import { countFiles, type CopyWork } from './work.ts';

/** A file that the copy lacks, with its size where a mirror says it. */
export type LackingFile = WantedFile & { readonly sizeBytes?: number };

/** How sizes are asked for; `sizeOf` resolves with undefined where no mirror says one. */
export type SizeOptions = {
  readonly sizeOf: (file: VersionFile) => Promise<number | undefined>;
  readonly atOnce: number;
};

/** After so many zips in a row whose size nobody says, nothing is asked for any more. */
const ENOUGH = 8;

/**
 * How large the zips among these files are, as mirrors say: the other files are small, and a question each would take
 * about as long as fetching them. In the same order.
 * @throws the signal's reason
 */
export async function askSizes(
  lacking: readonly WantedFile[],
  { sizeOf, atOnce }: SizeOptions,
  work: CopyWork,
): Promise<LackingFile[]> {
  const zips = lacking.filter(({ kind }) => kind === 'zip');
  const count = countFiles(zips.length, work);
  const sizes = new Map<WantedFile, number>();
  let inRow = 0;
  await runAtOnce(
    zips,
    atOnce,
    async (zip) => {
      const began = count.begin();
      const sizeBytes = inRow < ENOUGH ? await sizeOf(zip) : undefined;
      inRow = sizeBytes === undefined ? inRow + 1 : 0;
      if (sizeBytes !== undefined) sizes.set(zip, sizeBytes);
      count.end(began, 0);
    },
    work.signal,
  );
  return lacking.map((file) => {
    const sizeBytes = sizes.get(file);
    return sizeBytes === undefined ? file : { ...file, sizeBytes };
  });
}
