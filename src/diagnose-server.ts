import type { DoctorAnswer } from './api/answers.ts';
import { isPublicMirror } from './config/built-in-list.ts';
import { diagnoseMirrors, type Diagnosis } from './diagnose-mirrors.ts';
import { checkMirror, rateOf } from './doctor/check-mirror.ts';
import type { Finding } from './doctor/finding.ts';
import type { MirrorView } from './mirrors/mirror-view.ts';
import type { Mirrors } from './mirrors/mirrors.ts';
import type { AskingOptions } from './open-mirrors.ts';
import type { DiskStore } from './store/disk-store.ts';
import { shellWord } from './kit/shell-word.ts';
import { detailText } from './words/detail-text.ts';
import { type Language, tableOf } from './words/language.ts';
import { render } from './words/render.ts';
import { standingText } from './words/standing-text.ts';
import { say } from './words/text.ts';

/** The running server, and what its mirrors are looked at with. */
export type DiagnosedServer = AskingOptions & {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly offline: boolean;
  readonly mirrors: Mirrors;
  readonly store: DiskStore;
  /** Ends the look. */
  readonly signal: AbortSignal;
};

/** A zip that every public mirror has. */
const SAMPLE = { kind: 'zip', module: 'golang.org/x/text', version: 'v0.3.0' } as const;

/**
 * What a running server knows of what is not well: the copy, how its mirrors stand, and what is seen of each of them,
 * phase by phase. Go and projects are not looked at: they are other users' (`rondo doctor`). Offline, no mirror is asked.
 * Rejects with the signal's reason only.
 */
export async function diagnoseServer(server: DiagnosedServer, language: Language): Promise<DoctorAnswer> {
  const { config, offline, mirrors, store, clock } = server;
  const seen = offline
    ? []
    : await diagnoseMirrors(config.chain.mirrors, {
        ...server,
        isPublic: isPublicMirror,
        sample: SAMPLE,
        // What the server gets is verified in any case.
        hash: () => Promise.resolve(undefined),
      });
  const bounds = {
    wallMs: clock.wallMs(),
    bestRate: Math.max(0, ...seen.flatMap(({ sample }) => rateOf(sample) ?? [])),
    right: undefined,
    hasOthers: config.chain.mirrors.length > 1,
  };
  const ofMirrors = seen.flatMap((facts) => checkMirror(facts, bounds));
  const findings = [
    ...(await checkCopy(store)),
    ...checkChain(mirrors.views(), offline),
    ...mirrors.views().flatMap((view) => checkView(view, seen)),
    ...ofMirrors,
  ];
  const table = await tableOf(language);
  return {
    version: 1,
    findings: findings.map(({ id, level, what, evidence, fix }) => ({
      id,
      level,
      what: render(what, table),
      evidence: evidence.map((each) => render(each, table)),
      // A command is the same in every language: it is no text of a table.
      ...(fix === undefined
        ? {}
        : { fix: render(fix, table), fixKind: typeof fix === 'string' ? 'command' : 'advice' }),
    })),
  };
}

async function checkCopy(store: DiskStore): Promise<Finding[]> {
  const why = await store.whyNotWritable();
  if (why === undefined) return [];
  const what = say('nothing new is kept: the copy cannot be written');
  return [{ id: 'server.copy', level: 'finding', what, evidence: [why], fix: 'rondo cache gc' }];
}

function checkChain(views: readonly MirrorView[], offline: boolean): Finding[] {
  if (offline) {
    const what = say('this Rondo is offline and asks no mirror');
    return [{ id: 'server.offline', level: 'note', what, evidence: [] }];
  }
  if (views.some(({ eligible }) => eligible)) return [];
  const what = say('no mirror may be asked now: what is not in the copy fails');
  const evidence = views.map(({ name, status }) => `${name}: ${status}`);
  return [{ id: 'server.no-mirror', level: 'finding', what, evidence, fix: 'rondo mirrors' }];
}

/** How a mirror stands with the server, where that is not well. */
function checkView(view: MirrorView, seen: readonly Diagnosis[]): Finding[] {
  const { name, status, why, lastFailure } = view;
  if (status === 'DRAINED') {
    const what = say('{name} is drained: no request goes to it', { name });
    const fix = `rondo mirrors drain ${shellWord(name)} --for 0s`;
    return [{ id: 'server.mirror-drained', level: 'note', what, evidence: [standingText(why)], fix }];
  }
  if (view.eligible || status === 'HEALTHY') return [];
  const answersNow = seen.some((each) => each.name === name && each.outcome.class === 'ok');
  return [
    {
      id: 'server.mirror-out',
      level: answersNow ? 'note' : 'finding',
      what: say('{name} is left out: {status}', { name, status }),
      // The last failure is mostly why it is out, and has been said then.
      evidence: [
        standingText(why),
        ...(lastFailure === undefined || why.includes(lastFailure.detail)
          ? []
          : [detailText(lastFailure.detail)]),
      ],
      fix: `rondo doctor ${shellWord(name)}`,
    },
  ];
}
