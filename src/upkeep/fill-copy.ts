import { RondoError } from '../errors/rondo-error.ts';
import { storeKey } from '../gomod/store-key.ts';
import { readProvenance } from '../proxy/trusted-files.ts';
import type { WantedFile } from './export-copy.ts';
import { fetchEach, whyMissing, type Fetched } from './fetch-each.ts';
import { problemOf, type Said } from './said.ts';
import type { Mend } from './verify-copy.ts';
import type { CopyWork } from './work.ts';
import { say } from '../words/text.ts';

/** A file that the copy has, and that is not what a go.sum says. */
export type OtherFile = WantedFile & { readonly found: string };

/** What became of the files that projects need. */
export type Filled = Fetched<WantedFile> & {
  /** How many files are needed, and how many of them the copy had already. */
  readonly needed: number;
  readonly already: number;
  /** Held, right by the checksum database, and another file than go.sum means: go will refuse it. */
  readonly different: readonly OtherFile[];
};

/** How a copy is filled. */
export type FillOptions = {
  /** Has the mirrors give a file, and keeps it. */
  readonly mend: Mend;
  /** How many files at once. */
  readonly atOnce: number;
  /** What each go.sum says of them, which may contradict each other. */
  readonly hashed: readonly WantedFile[];
};

/** Which of the files the copy does not have. */
export async function lackingFiles(
  needed: readonly WantedFile[],
  { store }: CopyWork,
): Promise<WantedFile[]> {
  const lacking: WantedFile[] = [];
  for (const file of needed) if ((await store.get(storeKey(file))) === undefined) lacking.push(file);
  return lacking;
}

/**
 * Brings what is needed into the copy. What it has is passed over, so that a second run goes on where the first one was
 * ended. Small files come first: they show soonest whether anybody answers.
 * @throws RondoError E_STORE, at once where the copy cannot be written; the signal's reason
 */
export async function fillCopy(
  needed: readonly WantedFile[],
  work: CopyWork,
  { mend, atOnce, hashed }: FillOptions,
): Promise<Filled> {
  const lacking = await lackingFiles(needed, work);
  const inOrder = [
    ...lacking.filter(({ kind }) => kind !== 'zip'),
    ...lacking.filter(({ kind }) => kind === 'zip'),
  ];
  const fetched = await fetchEach(
    inOrder,
    { work, atOnce, isLarge: ({ kind }) => kind === 'zip' },
    async (file, onBytes) => {
      try {
        await mend(file, onBytes);
        return { kind: 'fetched', bytes: (await work.store.get(storeKey(file)))?.sizeBytes ?? 0 };
      } catch (error) {
        // A full disk is full for all.
        const why = saysStore(error) ? await work.store.whyNotWritable() : undefined;
        if (why !== undefined) throw notWritable(why, error);
        return whyMissing(error, work, problemOf);
      }
    },
  );
  return {
    ...fetched,
    needed: needed.length,
    already: needed.length - lacking.length,
    different: await differentFiles(hashed, work),
  };
}

function saysStore(error: unknown): boolean {
  return error instanceof RondoError && error.kind === 'storage';
}

function notWritable(why: Said, cause: unknown): RondoError {
  return new RondoError('E_STORE', say('the copy cannot be written: {why}', { why }), {
    hint: say('make room, or name another folder with --cache-dir'),
    cause,
  });
}

/** By what was written down when each was verified: nothing is hashed here. */
async function differentFiles(hashed: readonly WantedFile[], { store }: CopyWork): Promise<OtherFile[]> {
  const different: OtherFile[] = [];
  for (const file of hashed) {
    if (file.h1 === undefined) continue;
    const found = (await readProvenance(storeKey(file), store))?.h1;
    if (found !== undefined && found !== file.h1) different.push({ ...file, found });
  }
  return different;
}
