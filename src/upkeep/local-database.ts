import { RondoError } from '../errors/rondo-error.ts';
import { parseVerifierKey, type VerifierKey } from '../gomod/verifier-key.ts';
import { createDatabaseCopy } from '../proxy/database-copy.ts';
import type { DatabaseOps } from '../verify/database-ops.ts';
import { createTileProver, type TileProver } from '../verify/prove-tiles.ts';
import { readSeal } from '../verify/seal-state.ts';
import { openHead, type SignedHead } from '../verify/tree-heads.ts';
import type { CopyWork } from './work.ts';
import { say } from '../words/text.ts';

/** A checksum database as far as the copy has it: nothing is asked of anybody. */
export type LocalDatabase = {
  readonly key: VerifierKey;
  readonly ops: DatabaseOps;
  readonly prover: TileProver;
};

/** The database whose trees `verifierKey` signs. */
export function openLocally(verifierKey: string, work: CopyWork): LocalDatabase {
  const key = parseVerifierKey(verifierKey);
  const error = new RondoError('E_OFFLINE', say('only the copy is asked'));
  const ops: DatabaseOps = {
    ...createDatabaseCopy(key.name, work),
    readRemote: () => Promise.resolve({ kind: 'failed', error }),
    log: (message) => work.emit({ type: 'notice', level: 'warn', message }),
    accuse: () => undefined,
    securityError: (found) => work.emit({ type: 'security', database: key.name, ...found }),
  };
  return { key, ops, prover: createTileProver(key.name, ops) };
}

/** The tree that the copy is sealed in, since what proves its records is there; else the newest that it knows. */
export async function sealedTree({ key, ops }: LocalDatabase): Promise<SignedHead | undefined> {
  const { head } = await readSeal(key, ops);
  if (head !== undefined) return head;
  const opened = openHead(await ops.readConfig('latest'), key);
  return opened.kind === 'signed' ? opened.signed : undefined;
}
