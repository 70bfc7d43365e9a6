import type { VersionFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import type { Clock } from '../kit/clock.ts';
import type { Provenance, PutSource, Store, StoredFile } from '../store/store.ts';
import type { Verdict } from '../verify/verifier.ts';
import type { ProxySettings } from './settings.ts';
import type { TrustedFiles } from './trusted-files.ts';

/** The judgement on a file that may be kept, and who gave it. */
export type Proof = {
  readonly right: Extract<Verdict, { kind: 'right' }>;
  readonly mirror: string | undefined;
};

type KeepContext = {
  readonly store: Store;
  readonly clock: Clock;
  /** Those that it was judged by, if they may be others by now. */
  readonly settings?: Pick<ProxySettings, 'verify'>;
};

/**
 * Makes a file that was found right part of the copy, with how it was checked. Rejects with RondoError E_STORE,
 * and then the file may be there without its provenance, which has it checked again before it is served.
 */
export async function keepVersionFile(
  file: VersionFile,
  source: PutSource,
  proof: Proof,
  trusted: Pick<TrustedFiles, 'prove'>,
  { store, clock, settings }: KeepContext,
): Promise<void> {
  const key = storeKey(file);
  const stored = await store.put(key, source);
  const provenance: Provenance = { ...provenanceOf(proof, stored, clock), written: true };
  await trusted.prove(file, provenance, settings?.verify);
  if (file.kind === 'zip' && provenance.h1 !== undefined) {
    // As modfetch writes it: the bare h1. After the zip, so that a hash never stands without its file.
    await store.put(`${key}hash`, { bytes: Buffer.from(provenance.h1) });
  }
}

/** What is written down of a file that the copy has and that was found right. */
export function provenanceOf({ right, mirror }: Proof, { etag }: StoredFile, clock: Clock): Provenance {
  return {
    verified: right.verified,
    etag,
    at: clock.wallMs(),
    ...(right.h1 === undefined ? {} : { h1: right.h1 }),
    ...(mirror === undefined ? {} : { mirror }),
  };
}
