import { RondoError } from '../errors/rondo-error.ts';
import type { VerifierKey } from '../gomod/verifier-key.ts';
import type { DatabaseOps, Reach } from './database-ops.ts';
import type { Sealer } from './sealer.ts';
import { flawOfTree, openHead, type SignedHead, type TreeHeads } from './tree-heads.ts';
import { say } from '../words/text.ts';

type RefreshParts = {
  readonly key: VerifierKey;
  readonly ops: DatabaseOps;
  readonly heads: TreeHeads;
  readonly sealer: Sealer;
  readonly db: string;
};

/**
 * Asks for the newest tree of database `db` and answers with the newest that is known then; where nobody may be asked, with
 * the one that the copy is sealed in.
 * @throws RondoError E_CHECKSUM_FORK; E_CHECKSUM_UNPROVEN where nobody gives one that the database has signed; E_OFFLINE.
 */
export async function refreshHead(
  reach: Reach,
  { key, ops, heads, sealer, db }: RefreshParts,
): Promise<SignedHead> {
  await heads.assertServed();
  const known = await heads.current();
  if (reach.local) {
    const held = (await sealer.head()) ?? known;
    if (held === undefined) throw new RondoError('E_OFFLINE', say('offline, not in the copy'));
    return held;
  }
  const file = { kind: 'sumdb-latest', db } as const;
  const lies = new Map<string, string>();
  for (;;) {
    const answer = await ops.readRemote(file, {
      avoid: new Set(lies.keys()),
      via: reach.via,
      flawOf: flawOfTree,
    });
    if (answer.kind === 'found' && !lies.has(answer.source)) {
      const opened = openHead(answer.bytes.toString('utf8'), key);
      if (opened.kind === 'not-signed') {
        lies.set(answer.source, opened.why);
        continue;
      }
      await heads.merge(opened.signed, reach);
      for (const [source, why] of lies) ops.accuse({ source, file, why });
      return (await heads.current()) ?? opened.signed;
    }
    const [why] = lies.values();
    if (why !== undefined) {
      const message = say('SECURITY ERROR: nobody gives a tree that {db} has signed: {why}', { db, why });
      throw new RondoError('E_CHECKSUM_UNPROVEN', message);
    }
    throw answer.kind === 'failed'
      ? answer.error
      : new RondoError('E_NOT_FOUND', say('{db} has no /latest', { db }));
  }
}
