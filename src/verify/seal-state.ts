import * as z from 'zod';
import type { VerifierKey } from '../gomod/verifier-key.ts';
import type { DatabaseOps } from './database-ops.ts';
import { openHead, type SignedHead } from './tree-heads.ts';

/** What is written down of the seal. */
export type SealState = {
  /** The text as it is kept: what a swap expects. */
  readonly text: string;
  /** The tree that the copy is sealed in. */
  readonly head: SignedHead | undefined;
  /** Processes that have kept records, or served trees, that are not sealed yet. */
  readonly open: readonly string[];
};

/** The folder is writable by other programs: what is read from it is parsed. */
const stateSchema = z.object({ note: z.string(), open: z.array(z.string().max(100)) });
const servedSchema = z.array(z.number().int().nonnegative());

/** Of a client whose tree is older than that, nothing is promised. */
const MAX_SERVED = 1024;
/** Processes that have ended without sealing are one walk over the copy, however many they are. */
const MAX_OPEN = 16;
const MAX_SWAPS = 20;

/** Reads the seal; an unsealed copy where there is none. */
export async function readSeal(key: VerifierKey, ops: DatabaseOps): Promise<SealState> {
  const text = await ops.readConfig('seal');
  const kept = stateSchema.safeParse(parseJson(text)).data;
  if (kept === undefined) return { text, head: undefined, open: [] };
  const opened = kept.note === '' ? undefined : openHead(kept.note, key);
  return { text, head: opened?.kind === 'signed' ? opened.signed : undefined, open: kept.open };
}

/** Replaces the seal `before`; false where another process has done so meanwhile. */
export function writeSeal(
  before: SealState,
  { head, open }: Pick<SealState, 'head' | 'open'>,
  ops: DatabaseOps,
): Promise<boolean> {
  const text = JSON.stringify({ note: head?.note ?? '', open: open.slice(-MAX_OPEN) });
  return ops.writeConfig('seal', before.text, text);
}

/** Writes down that `process` has something that is not sealed yet. */
export async function markOpen(process: string, key: VerifierKey, ops: DatabaseOps): Promise<void> {
  for (let swaps = 0; swaps < MAX_SWAPS; swaps += 1) {
    const state = await readSeal(key, ops);
    if (state.open.includes(process)) return;
    if (await writeSeal(state, { head: state.head, open: [...state.open, process] }, ops)) return;
  }
}

/** Sizes of the trees that were served, by any process, the last ones last. */
export async function readServed(ops: DatabaseOps): Promise<readonly number[]> {
  return servedSchema.safeParse(parseJson(await ops.readConfig('served'))).data ?? [];
}

/** Adds to them; where there are too many the oldest go. */
export async function addServed(
  sizes: ReadonlySet<number>,
  ops: Pick<DatabaseOps, 'readConfig' | 'writeConfig'>,
): Promise<void> {
  for (let swaps = 0; swaps < MAX_SWAPS; swaps += 1) {
    const before = await ops.readConfig('served');
    const known = servedSchema.safeParse(parseJson(before)).data ?? [];
    const fresh = [...sizes].filter((size) => !known.includes(size));
    if (fresh.length === 0) return;
    const text = JSON.stringify([...known, ...fresh].slice(-MAX_SERVED));
    if (await ops.writeConfig('served', before, text)) return;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
