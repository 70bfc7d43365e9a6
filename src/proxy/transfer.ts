import type { Outcome } from '../balance/outcome.ts';
import { BodyError } from '../mirrors/answer.ts';
import type { Spool } from '../store/spool.ts';

/** How a transfer of one mirror's body into the spool ended. */
export type TransferEnd =
  | { readonly kind: 'whole'; readonly bytes: number }
  | { readonly kind: 'broken'; readonly outcome: Outcome; readonly bytes: number };

/**
 * Brings `body` into `spool`. What the spool holds already, from an earlier transfer that broke, is
 * compared and not written again; where the two differ the newer one counts, and `onConflict` hears from
 * which offset on the spool is another file. `onGrowth` is called whenever more can be read.
 * @throws RondoError E_STORE where this machine's disk fails.
 */
export async function transfer(
  body: AsyncIterable<Buffer>,
  spool: Spool,
  { onGrowth, onConflict }: { onGrowth: (bytes: number) => void; onConflict: (offset: number) => void },
): Promise<TransferEnd> {
  let position = 0;
  const cutAt = async (offset: number): Promise<void> => {
    onConflict(offset);
    await spool.truncate(offset);
  };
  try {
    for await (const chunk of body) {
      const known = Math.min(chunk.length, Math.max(0, spool.sizeBytes - position));
      const same = known === 0 ? 0 : await equalPrefix(spool, position, chunk.subarray(0, known));
      if (same < known) await cutAt(position + same);
      if (same < chunk.length) await spool.append(chunk.subarray(same));
      position += chunk.length;
      onGrowth(chunk.length);
    }
  } catch (error) {
    if (error instanceof BodyError) return { kind: 'broken', outcome: error.outcome, bytes: position };
    throw error;
  }
  if (position < spool.sizeBytes) await cutAt(position);
  return { kind: 'whole', bytes: position };
}

/** How many bytes of `chunk` are what the spool has from `position` on. */
async function equalPrefix(spool: Spool, position: number, chunk: Buffer): Promise<number> {
  let same = 0;
  while (same < chunk.length) {
    const held = await spool.read(position + same, chunk.length - same);
    if (held.length === 0) return same;
    const part = chunk.subarray(same, same + held.length);
    if (part.equals(held)) {
      same += held.length;
      continue;
    }
    let offset = 0;
    while (part[offset] === held[offset]) offset += 1;
    return same + offset;
  }
  return same;
}
