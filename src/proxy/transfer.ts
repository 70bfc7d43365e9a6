import type { Outcome } from '../balance/outcome.ts';
import { BodyError, type Found } from '../mirrors/answer.ts';
import type { Spool } from '../store/spool.ts';

/**
 * How a transfer of one mirror's body into the spool ended: after `bytes` of the body, at `position` of the file;
 * `differed`: it is another file than the one of which the spool had the beginning.
 */
export type TransferEnd = {
  readonly bytes: number;
  readonly position: number;
  readonly differed: boolean;
} & ({ readonly kind: 'whole' } | { readonly kind: 'broken'; readonly outcome: Outcome });

/** What a transfer tells while it is under way. */
export type TransferEars = {
  /** More has come, and can be read. */
  readonly onGrowth: (bytes: number) => void;
  /** From `offset` on the spool is another file from now on. */
  readonly onConflict: (offset: number) => void;
};

/**
 * Brings the body that was `found` into `spool`, which has what is before it. What the spool holds already, from an
 * earlier transfer that broke, is compared and not written again; where the two differ the newer one counts.
 * @throws RondoError E_STORE where this machine's disk fails.
 */
export async function transfer(
  { body, startBytes, contentLength }: Pick<Found, 'body' | 'startBytes' | 'contentLength'>,
  spool: Spool,
  { onGrowth, onConflict }: TransferEars,
): Promise<TransferEnd> {
  let position = startBytes;
  let differed = false;
  const cutAt = async (offset: number): Promise<void> => {
    onConflict(offset);
    await spool.truncate(offset);
  };
  try {
    for await (const chunk of body) {
      const known = Math.min(chunk.length, Math.max(0, spool.sizeBytes - position));
      const same = known === 0 ? 0 : await equalPrefix(spool, position, chunk.subarray(0, known));
      if (same < known) {
        differed = true;
        await cutAt(position + same);
      }
      if (same < chunk.length) await spool.append(chunk.subarray(same));
      position += chunk.length;
      onGrowth(chunk.length);
    }
    // Of a rest, only the length of the whole was said for certain.
    if (startBytes > 0 && contentLength !== undefined) assertLength(position, contentLength);
  } catch (error) {
    const bytes = position - startBytes;
    if (error instanceof BodyError) {
      return { kind: 'broken', outcome: error.outcome, bytes, position, differed };
    }
    throw error;
  }
  if (position < spool.sizeBytes) await cutAt(position);
  return { kind: 'whole', bytes: position - startBytes, position, differed };
}

function assertLength(position: number, wholeBytes: number): void {
  if (position === wholeBytes) return;
  const detail = `the rest ended at ${position} of ${wholeBytes} bytes`;
  throw new BodyError({
    class: 'http',
    cause: position < wholeBytes ? 'short-body' : 'bad-content',
    detail,
  });
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
