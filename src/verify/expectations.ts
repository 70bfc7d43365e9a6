import { LRUCache } from 'lru-cache';
import { messageOf } from '../errors/rondo-error.ts';
import { parseChecksumRecord, recordHashes } from '../gomod/checksum-record.ts';
import { createSharedLookup } from './shared-lookup.ts';
import type { Expectation, ReadRecord, Verifier } from './verifier.ts';

/** What decides whether a module must be in the checksum database. Read anew for each question: it may change. */
export type ExpectationSettings = {
  readonly readRecord: ReadRecord;
  /** The configuration's `verify` (integrity.md, "Verification"). */
  readonly mode: 'required' | 'when-possible' | 'off';
  /** GONOSUMDB, GOPRIVATE and skipsum. Not asked about toolchains. */
  readonly exempt: (module: string) => boolean;
};

/** Records in memory: a large build has a few hundred. */
const MAX_KNOWN = 5000;
/** cmd/go/internal/gover.IsToolchain: binaries that `go` runs, so no setting exempts them. */
const TOOLCHAIN = 'golang.org/toolchain';

/**
 * The first half of a Verifier. Concurrent questions about one version are one look-up, and what is known
 * stays known. With `when-possible` everything that the database does not confirm is exempt, that is,
 * trusted on first use; toolchains never are, in any mode.
 */
export function createExpectations(settings: ExpectationSettings): Pick<Verifier, 'expect'> {
  const known = new LRUCache<string, Expectation>({ max: MAX_KNOWN });
  const lookups = createSharedLookup(async (key, signal) => {
    const at = key.indexOf('@');
    const found = await readExpectation(settings.readRecord, key.slice(0, at), key.slice(at + 1), signal);
    if (found.kind === 'known') known.set(key, found);
    return found;
  });
  const expect: Verifier['expect'] = async (module, version, signal) => {
    const mustBeKnown = module === TOOLCHAIN;
    if (!mustBeKnown && (settings.mode === 'off' || settings.exempt(module))) return { kind: 'exempt' };
    // No module path has an @.
    const key = `${module}@${version}`;
    const found = known.get(key) ?? (await lookups.join(key, signal));
    // A database that is caught is no database that cannot be had.
    if (found.kind === 'untrusted') return found;
    return found.kind !== 'known' && settings.mode === 'when-possible' && !mustBeKnown
      ? { kind: 'exempt' }
      : found;
  };
  return { expect };
}

/** Reads and parses one record. It is proven, and still parsed like everything that comes from outside. */
async function readExpectation(
  readRecord: ReadRecord,
  module: string,
  version: string,
  signal: AbortSignal,
): Promise<Expectation> {
  try {
    const answer = await readRecord(module, version, signal);
    if (answer.kind !== 'record') return answer;
    const hashes = recordHashes(parseChecksumRecord(answer.text), module, version);
    if (hashes !== undefined) return { kind: 'known', mod: hashes.mod, zip: hashes.zip };
    return { kind: 'unreachable', why: 'the checksum database answered with the record of something else' };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'unreachable', why: messageOf(error) };
  }
}
