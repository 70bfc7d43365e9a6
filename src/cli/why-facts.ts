import type { AskableMirror, EachAnswer } from '../ask-each.ts';
import { messageOf } from '../errors/rondo-error.ts';
import { hashMod } from '../gomod/h1.ts';
import { parseInfo } from '../gomod/info.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import type { DatabaseFact, MirrorFact, NotHad } from '../inquiry/facts.ts';
import type { CopyWork } from '../upkeep/work.ts';
import type { Expectation } from '../verify/verifier.ts';

const MAX_SMALL_BYTES = 16 * 1024 * 1024;
/** A few of them are held at once; a larger zip is not compared. */
const MAX_ZIP_BYTES = 64 * 1024 * 1024;

type Version = Pick<VersionFile, 'module' | 'version'>;

/** What a mirror has of a version: its `.info`, and the hashes of its `.mod` and `.zip`. Rejects with the signal's reason only. */
export async function factOfMirror(
  mirror: AskableMirror,
  version: Version,
  work: CopyWork,
): Promise<MirrorFact> {
  const { name } = mirror;
  const { signal } = work;
  const ask = (kind: VersionFile['kind'], maxBytes: number): Promise<EachAnswer> =>
    mirror.ask({ ...version, kind }, { maxBytes }, signal);
  const [info, mod, zip] = await Promise.all([
    ask('info', MAX_SMALL_BYTES),
    ask('mod', MAX_SMALL_BYTES),
    ask('zip', MAX_ZIP_BYTES),
  ]);
  // The zip is what a version is; a mirror may know a version and refuse, or lack, its content.
  const worst = [zip, mod, info].find((answer) => answer.kind === 'other');
  if (worst?.kind === 'other') return { name, ...notHad(worst) };
  const zipH1 = zip.kind === 'found' ? await hashOfZip(zip.bytes, version, work) : undefined;
  return {
    name,
    kind: 'has',
    ...(mod.kind === 'found' ? { mod: hashMod(mod.bytes) } : {}),
    ...(zipH1 === undefined ? {} : { zip: zipH1 }),
    ...(info.kind === 'found' ? commitIn(info.bytes) : {}),
  };
}

/** Why a mirror did not give a file. Pure. */
export function notHad(answer: Extract<EachAnswer, { kind: 'other' }>): NotHad {
  const { cause, status, why, words } = answer;
  const said = words === undefined ? {} : { words };
  if (cause === 'not-found') return { kind: 'not-there', ...said };
  if (cause === 'refused') return { kind: 'refused', status: status ?? 403, ...said };
  return { kind: 'failed', why: words === undefined ? why : `${why}: ${words}` };
}

function commitIn(bytes: Buffer): { commit?: string } {
  try {
    const { commit } = parseInfo(bytes);
    return commit === undefined ? {} : { commit };
  } catch {
    return {};
  }
}

/** Nobody's hash: what is found then says what the file's own is. */
const NOBODYS = 'h1:';

/** The h1 of a zip, whatever it ought to be; words where it is none. Rejects as Verifier.judge. */
export async function hashOfZip(
  bytes: Buffer,
  version: Version,
  { verifier }: CopyWork,
): Promise<string | undefined> {
  const expectation: Expectation = { kind: 'known', mod: NOBODYS, zip: NOBODYS };
  const verdict = await verifier.judge({ ...version, kind: 'zip' }, { bytes }, expectation);
  return verdict.kind === 'wrong' ? (verdict.found ?? `no zip: ${verdict.why}`) : undefined;
}

/** What the checksum database has of it, proven. Rejects with the signal's reason only. */
export async function factOfDatabase(
  { module, version }: Version,
  { verifier, signal }: CopyWork,
): Promise<DatabaseFact> {
  const expectation = await verifier.expect(module, version, signal);
  switch (expectation.kind) {
    case 'known':
    case 'exempt':
    case 'unreachable':
      return expectation;
    case 'absent':
      return { kind: 'absent' };
    case 'untrusted':
      return { kind: 'untrusted', why: messageOf(expectation.error) };
  }
}
