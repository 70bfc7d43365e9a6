import type { Diagnosis } from '../diagnose-mirrors.ts';
import { directUse, type DirectFacts, type DirectUse } from '../doctor/check-direct.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { fetchDirect, type DirectZip } from '../host/ask-direct.ts';
import { findExecutable } from '../host/find-executable.ts';
import { render } from '../words/render.ts';
import { say } from '../words/text.ts';
import type { CliContext } from './context.ts';
import type { GoOfMachine } from './doctor-facts.ts';
import type { Flags } from './flags.ts';

/** Whoever waits for doctor does not wait longer for a repository. */
const PATIENCE_MS = 20_000;

/** What of repositories is known before the mirrors have answered. */
export type AskedRepository = Pick<DirectFacts, 'use' | 'hasGit' | 'sample' | 'answer'>;

/** What is to be asked, and by whom. */
export type RepositoryQuestion = {
  readonly go: GoOfMachine;
  /** `direct` or not, of Rondo's own chain. */
  readonly chainEnd: string | undefined;
  readonly sample: VersionFile;
  readonly signal: AbortSignal;
};

/**
 * Fetches the sample from its own repository as go would, where go would: a chain ends with `direct`, and there are go and
 * git. Where there is no go nothing is asked, and nothing needed. Rejects with the signal's reason only.
 */
export async function askRepository(
  { go, chainEnd, sample, signal }: RepositoryQuestion,
  flags: Flags,
  context: CliContext,
): Promise<AskedRepository> {
  const { env, platform, cwd, clock } = context;
  const { module, version } = sample;
  const { command } = go.facts;
  const use: DirectUse | undefined = command === undefined ? undefined : directUse(go.facts.values, chainEnd);
  const hasGit = (await findExecutable('git', platform, env, cwd)).kind === 'found';
  const seen = { use, hasGit, sample: `${module}@${version}` };
  if (command === undefined || use !== 'direct' || !hasGit || flags.direct === false)
    return { ...seen, answer: undefined };
  const question = { go: command, module, version, env, timeoutMs: PATIENCE_MS, clock, signal };
  return { ...seen, answer: answerOf(await fetchDirect(question)) };
}

function answerOf(zip: DirectZip): DirectFacts['answer'] {
  switch (zip.kind) {
    case 'has':
      return zip;
    case 'not-there':
      return { kind: 'not-had', why: zip.words };
    case 'login':
      return { kind: 'not-had', why: say('it asks for a login') };
    case 'failed':
      return { kind: 'not-had', why: zip.why };
  }
}

/** The same, with what the mirrors answered meanwhile. Pure. */
export function besideMirrors(asked: AskedRepository, mirrors: readonly Diagnosis[]): DirectFacts {
  return {
    ...asked,
    isReliedOn: !mirrors.some(({ outcome }) => outcome.class === 'ok' || outcome.cause === 'not-found'),
    mirrors: mirrors.flatMap(({ name, sample }) =>
      sample?.h1 === undefined ? [] : [{ name, h1: sample.h1 }],
    ),
  };
}

/** What was seen of repositories, for scripts: in English, whatever language is spoken. Pure. */
export function directPage(direct: DirectFacts | undefined): object | undefined {
  if (direct?.answer?.kind !== 'not-had') return direct;
  return { ...direct, answer: { ...direct.answer, why: render(direct.answer.why) } };
}
