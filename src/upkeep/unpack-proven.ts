import { RondoError } from '../errors/rondo-error.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import type { OpenSink } from '../kit/file-sink.ts';
import { unpackModuleZip } from '../verify/unpack-module-zip.ts';
import type { Candidate } from '../verify/verifier.ts';
import { ZipFlaw } from '../verify/zip-flaw.ts';
import { bytesSource, withFileSource } from '../verify/zip-source.ts';
import { say } from '../words/text.ts';

/**
 * Unpacks a module zip into what `open` opens. Resolves only if the bytes that were handed over have the hash `h1`: until
 * then nothing of them may be used.
 * @throws RondoError E_CHECKSUM_MISMATCH for another hash, E_BAD_CONTENT for a zip that cannot be read; whatever `open`
 * throws; the system's errors of reading
 */
export async function unpackProven(
  zip: Candidate,
  { module, version }: Pick<VersionFile, 'module' | 'version'>,
  h1: string,
  open: OpenSink,
): Promise<void> {
  const found = await unpack(zip, module, version, open);
  if (found === h1) return;
  throw new RondoError(
    'E_CHECKSUM_MISMATCH',
    say('what was unpacked of {version} is not what the checksum database knows', { version }),
    { details: [say('expected {h1}', { h1 }), say('found {h1}', { h1: found })], hint: REPAIR },
  );
}

const REPAIR = 'rondo cache verify --repair';

async function unpack(zip: Candidate, module: string, version: string, open: OpenSink): Promise<string> {
  try {
    return 'bytes' in zip
      ? await unpackModuleZip(bytesSource(zip.bytes), module, version, open)
      : await withFileSource(zip.path, (source) => unpackModuleZip(source, module, version, open));
  } catch (error) {
    if (!(error instanceof ZipFlaw)) throw error;
    throw new RondoError(
      'E_BAD_CONTENT',
      say('the zip of {version} in the copy cannot be unpacked: {why}', { version, why: error.message }),
      { hint: REPAIR, cause: error },
    );
  }
}
