import { parseChecksumRecord, recordHashes } from '../gomod/checksum-record.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import type { Expectation } from '../verify/verifier.ts';
import type { ProxyContext } from './context.ts';
import { MAX_BYTES } from './settings.ts';

/** Who gave a record of the database: its provenance, beside those of modules' files. */
export function recordSourceName(key: string): string {
  return `files/${key}`;
}

/**
 * Whether another mirror than the one that gave a version's record has the same one. Records are not proven
 * against the signed tree yet, so before a mirror is called a liar over one, the record itself is doubted:
 * if another mirror's differs it is thrown away. True also where nobody else can be asked.
 */
export async function isRecordConfirmed(
  { module, version }: VersionFile,
  expectation: Extract<Expectation, { kind: 'known' }>,
  context: ProxyContext,
): Promise<boolean> {
  const { store, mirrors, settings, verifier, signal } = context;
  const file = { kind: 'sumdb-lookup', db: settings.verifyDatabase, module, version } as const;
  const key = storeKey(file);
  const source = sourceOf(await store.getRecord(recordSourceName(key)).catch(() => undefined));
  if (source === undefined || settings.offline) return true;
  const outcome = {
    class: 'neutral',
    cause: 'bad-content',
    detail: 'gave the record that is doubted',
  } as const;
  const avoid = new Map([[source, { mirror: source, outcome, durationMs: 0 }]]);
  try {
    const found = await mirrors.ask(
      { file, method: 'GET', maxBodyBytes: MAX_BYTES[file.kind], avoid },
      signal,
    );
    const chunks: Buffer[] = [];
    for await (const chunk of found.body) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    found.settle({ kind: 'complete', bytes: bytes.length });
    if (found.mirror === source) return true;
    const other = recordHashes(parseChecksumRecord(bytes.toString('utf8')), module, version);
    if (other?.mod === expectation.mod && other.zip === expectation.zip) return true;
  } catch {
    return true; // No second opinion is to be had.
  }
  verifier.forget(module, version);
  await store.remove(key);
  return false;
}

function sourceOf(record: unknown): string | undefined {
  if (typeof record !== 'object' || record === null || !('mirror' in record)) return undefined;
  return typeof record.mirror === 'string' ? record.mirror : undefined;
}
