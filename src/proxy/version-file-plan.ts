import { notice } from '../events/notice.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import type { StoredFile } from '../store/store.ts';
import type { Candidate, Expectation, Verdict, WrongContent } from '../verify/verifier.ts';
import type { ProxyContext } from './context.ts';
import type { FlightPlan, Judgement } from './flight-plan.ts';
import { keepVersionFile, provenanceOf } from './keep-version-file.ts';
import type { TrustedFiles } from './trusted-files.ts';
import { tellUnkept } from './tell-unkept.ts';
import { say } from '../words/text.ts';

/** Of the reason of a quarantine (balance/outcome.ts), in characters. */
const MAX_WORDS = 200;

/**
 * What makes a version's file right, and how it is kept. The look-up of its checksum record starts with
 * the plan, beside the fetch.
 */
export function planVersionFile(file: VersionFile, trusted: TrustedFiles, context: ProxyContext): FlightPlan {
  const key = storeKey(file);
  const expectation = expect(file, context);
  // The transfer may fail before anybody asks what was expected.
  expectation.catch(() => undefined);
  let right: Extract<Verdict, { kind: 'right' }> | undefined;
  return {
    file,
    key,
    streams: file.kind === 'zip',
    patient: true,
    async judge(spool, mirror, { lengthKnown, joined }) {
      const judged = await judgeVersionFile(file, spool.candidate(), await expectation, context);
      if (judged.kind === 'right') {
        right = judged;
        return { kind: 'right' };
      }
      // A zip shows by itself that it is whole. A go.mod that was cut is no lie of the mirror.
      const mayBeCut = file.kind !== 'zip' && !lengthKnown;
      if (judged.kind === 'wrong' && (mayBeCut || joined)) return { kind: 'unusable', why: judged.why };
      if (judged.kind !== 'wrong') return judged;
      tellWrong(file, mirror, judged, context);
      return { kind: 'wrong', why: wrongWords(file, judged) };
    },
    async keep(spool, mirror) {
      if (right === undefined) throw new RondoError('E_BUG', say('a file is kept that was not judged'));
      if (right.verified !== 'database' && !context.settings.keepsUnproven) return;
      await keepVersionFile(file, spool.source(), { right, mirror }, trusted, context);
    },
  };
}

/**
 * Checks a file that the copy has but did not write, e.g. of an adopted GOMODCACHE, before it is first
 * served. False: it is not right, and is fetched as if it were not there.
 * @throws RondoError where the database cannot be asked or does not know the version; E_OFFLINE for one that is not right
 * where none may be fetched.
 */
export async function adopt(
  file: VersionFile,
  stored: StoredFile,
  trusted: TrustedFiles,
  context: ProxyContext,
): Promise<boolean> {
  const candidate = await candidateOf(stored);
  const judged = await judgeVersionFile(file, candidate, await expect(file, context), context);
  switch (judged.kind) {
    case 'right':
      await trusted
        .prove(
          file,
          provenanceOf({ right: judged, mirror: undefined }, stored, context.clock),
          context.settings.verify,
        )
        .catch((error: unknown) => {
          tellUnkept(context.emit, say('not written down'), error);
        });
      return true;
    case 'hopeless':
      if (!context.settings.offline || judged.error.code !== 'E_CHECKSUM_DB_UNREACHABLE') throw judged.error;
      throw new RondoError('E_OFFLINE', say('offline, and what the copy has is not verified yet'), {
        cause: judged.error,
      });
    case 'wrong':
    case 'unusable': {
      const values = { key: storeKey(file), why: judged.why };
      const what = say('{key} in the copy is not right', values);
      const { offline } = context.settings;
      const said = offline
        ? say('{key} in the copy is not right and is not served: {why}', values)
        : say('{key} in the copy is not right and is fetched again: {why}', values);
      context.emit(notice('warn', said));
      if (!offline) return false;
      throw new RondoError('E_OFFLINE', say('offline, and {what}: {why}', { what, why: judged.why }), {
        hint: say('where there is a network: rondo cache verify --repair'),
      });
    }
  }
}

function expect(file: VersionFile, context: ProxyContext): Promise<Expectation> {
  // An .info has no hash in the database.
  if (file.kind === 'info') return Promise.resolve({ kind: 'exempt' });
  return context.verifier.expect(file.module, file.version, context.signal);
}

async function judgeVersionFile(
  file: VersionFile,
  candidate: Candidate,
  expectation: Expectation,
  context: ProxyContext,
): Promise<Extract<Verdict, { kind: 'right' }> | Exclude<Judgement, { kind: 'right' }>> {
  const hopeless = withoutHope(file, expectation);
  if (hopeless !== undefined) return { kind: 'hopeless', error: hopeless };
  return context.verifier.judge(file, candidate, expectation);
}

/** Where no mirror could bring anything that may be served. */
function withoutHope(file: VersionFile, expectation: Expectation): RondoError | undefined {
  const what = `${file.module}@${file.version}`;
  if (expectation.kind === 'absent') {
    return new RondoError(
      'E_NOT_IN_CHECKSUM_DB',
      say('{what} is not in the checksum database: {words}', { what, words: expectation.words }),
      {
        hint: say('if it is private: go env -w GONOSUMDB={module}', { module: file.module }),
      },
    );
  }
  if (expectation.kind === 'untrusted') return expectation.error;
  if (expectation.kind !== 'unreachable') return undefined;
  const message = say('cannot verify {what}: the checksum database does not answer: {why}', {
    what,
    why: expectation.why,
  });
  return new RondoError('E_CHECKSUM_DB_UNREACHABLE', message, {
    hint: say('try again when a mirror or the database itself answers, or set [verify] mode = when-possible'),
  });
}

function tellWrong(
  file: VersionFile,
  mirror: string,
  wrong: Extract<Verdict, { kind: 'wrong' }>,
  context: ProxyContext,
): void {
  const { kind: _kind, ...evidence } = wrong;
  const { module, version, kind } = file;
  context.emit({ type: 'integrity', module, version, kind, mirror, ...evidence });
}

/** One line for people, who see it as the reason of a quarantine. The hashes come first, since what is too long is cut. */
function wrongWords({ module, version, kind }: VersionFile, { why, expected, found }: WrongContent): string {
  const hashes = [expected && `expected ${expected}`, found && `found ${found}`].filter(Boolean).join(', ');
  const words = `${kind} of ${module}@${version}: ${hashes === '' ? '' : `${hashes}: `}${why}`;
  return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS - 1)}…` : words;
}

/** A file of the copy as a verifier takes it. */
export async function candidateOf(stored: StoredFile): Promise<Candidate> {
  if (stored.bytes !== undefined) return { bytes: stored.bytes };
  if (stored.localPath !== undefined) return { path: stored.localPath, sizeBytes: stored.sizeBytes };
  const chunks: Buffer[] = [];
  for await (const chunk of stored.open()) chunks.push(chunk as Buffer);
  return { bytes: Buffer.concat(chunks) };
}
