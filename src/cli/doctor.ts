import { isPublicMirror } from '../config/built-in-list.ts';
import { diagnoseMirrors, type Diagnosis } from '../diagnose-mirrors.ts';
import { checkDirect, type DirectFacts } from '../doctor/check-direct.ts';
import { checkGo, type GoFacts } from '../doctor/check-go.ts';
import { checkMirror, rateOf } from '../doctor/check-mirror.ts';
import { checkProject } from '../doctor/check-project.ts';
import { checkVendor, type VendorFacts } from '../doctor/check-vendor.ts';
import { findingPage, type Finding } from '../doctor/finding.ts';
import { explainSettings } from '../doctor/setting-words.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { readProjectTexts } from '../host/project-texts.ts';
import { addressOf, formatAddress } from '../kit/address.ts';
import { lackingFiles } from '../upkeep/fill-copy.ts';
import { neededFiles } from '../upkeep/needs.ts';
import { jsonText } from './json-text.ts';
import { abortOnSignal } from './abort-on-signal.ts';
import type { CliContext } from './context.ts';
import { withCopy, type CopyTools } from './copy-work.ts';
import { askRepository, besideMirrors, directPage } from './doctor-direct.ts';
import { goOfMachine, vendorFacts, type GoOfMachine } from './doctor-facts.ts';
import { databaseH1, PUBLIC_SAMPLE, rightOf, sampleOf } from './doctor-sample.ts';
import { doctorLines, mirrorLines, traceLines } from './doctor-words.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { mendSafely } from './mend-safely.ts';
import { loadUserConfig } from './user-config.ts';
import type { Project } from './project-files.ts';
import { projectHere } from './project-here.ts';
import { hashOfZip } from './why-facts.ts';
import { render } from '../words/render.ts';
import { say } from '../words/text.ts';

/** What `doctor` has looked at, and what it found. */
export type Examination = {
  readonly go: GoOfMachine;
  readonly mirrors: readonly Diagnosis[];
  /** What was seen of repositories; undefined where one mirror alone was looked at. */
  readonly direct: DirectFacts | undefined;
  /** How much of what go.sum names could be built with offline; undefined where there is no project. */
  readonly offline: { readonly needed: number; readonly lacking: number } | undefined;
  readonly findings: readonly Finding[];
};

/**
 * `rondo doctor [MIRROR]`: Go and its settings, the files of the project, and every mirror, phase by phase; each finding
 * with its evidence and what mends it. With `--fix` what can be mended without harm is, once it was agreed to. Resolves
 * with 0, with 1 where there are findings.
 * @throws RondoError E_USAGE for a mirror that is not in the chain; as withCopy does
 */
export async function doctor(words: readonly string[], flags: Flags, context: CliContext): Promise<number> {
  const [named] = words;
  let found: Examination | undefined;
  const report = (examination: Examination): number => {
    found = examination;
    return tell(examination, named, flags, context);
  };
  const code = await examineAll(named, report, flags, context);
  if (flags.fix === true && found !== undefined)
    await mendSafely(found.findings, found.go.facts.command, flags, context);
  return code;
}

/** Where the configuration is wrong, or names no mirror, Go is looked at all the same: that may be why. */
async function examineAll(
  named: string | undefined,
  report: (examination: Examination) => number,
  flags: Flags,
  context: CliContext,
): Promise<number> {
  try {
    await loadUserConfig(flags, { ...context, warn: () => undefined });
  } catch (error) {
    if (!(error instanceof RondoError) || error.kind !== 'usage') throw error;
    const stop = abortOnSignal(context);
    const examined = await withoutConfig(error, stop.signal, flags, context).finally(() => stop.off());
    return report(examined);
  }
  return withCopy(
    {
      flags,
      offline: false,
      makesCopy: true,
      startsOver: true,
      doing: say('examining'),
      work: (tools) => examine(named, tools, flags, context),
      report,
    },
    context,
  );
}

async function withoutConfig(
  error: RondoError,
  signal: AbortSignal,
  flags: Flags,
  context: CliContext,
): Promise<Examination> {
  const go = await goOfMachine(context, signal);
  const { trouble } = await projectHere(context);
  const asked = await askRepository(
    { go, chainEnd: undefined, sample: PUBLIC_SAMPLE, signal },
    flags,
    context,
  );
  const direct = besideMirrors(asked, []);
  const ofGo = checkGo(go.facts);
  const findings = [
    ...ofGo,
    ...checkDirect(direct, undefined),
    ...checkProject(await readProjectTexts(context.cwd)),
    ...(trouble === undefined ? [] : [trouble]),
    ...configFindings(error, ofGo),
  ];
  return { go, mirrors: [], direct, offline: undefined, findings };
}

/** Nothing where the same list of go's own is said to be none already. */
function configFindings(error: RondoError, ofGo: readonly Finding[]): Finding[] {
  const message = render(error.said.message);
  const isGos = /^(?:environment|go env -w) GOPROXY\b/.test(message);
  if (error.code === 'E_BAD_MIRROR_URL' && isGos && ofGo.some(({ id }) => NO_LIST.has(id))) return [];
  const fix = message.startsWith('environment ')
    ? say('mend it where your shell sets it, then: rondo doctor')
    : say('mend that line; to see all mistakes of a file: rondo config check FILE');
  return [
    {
      id: `config.${error.code}`,
      level: 'finding',
      what: error.said.message,
      evidence: error.said.details,
      fix: error.said.hint ?? fix,
    },
  ];
}

/** That go's own list is none. */
const NO_LIST: ReadonlySet<string> = new Set(['go.goproxy-malformed', 'go.goproxy-separator']);

async function examine(
  named: string | undefined,
  tools: CopyTools,
  flags: Flags,
  context: CliContext,
): Promise<Examination> {
  const { config, work, asking } = tools;
  const all = config.chain.mirrors;
  const mirrors = named === undefined ? all : all.filter(({ name }) => name === named);
  if (named !== undefined && mirrors.length === 0) {
    throw new RondoError('E_USAGE', say('no mirror of the chain is called {named}', { named }), {
      hint: say('one of {list}', { list: all.map(({ name }) => name).join(', ') }),
    });
  }
  const { project, trouble } = await projectHere(context);
  const sample = sampleOf(project);
  const go = await goOfMachine(context, work.signal);
  const question = { go, chainEnd: config.chain.end, sample: sample.file, signal: work.signal };
  const [texts, vendor, asked, ofDatabase, seen] = await Promise.all([
    readProjectTexts(context.cwd),
    vendorFacts(project),
    named === undefined ? askRepository(question, flags, context) : undefined,
    databaseH1(sample, work, context.clock),
    diagnoseMirrors(mirrors, {
      ...asking,
      env: context.env,
      isPublic: isPublicMirror,
      sample: sample.file,
      hash: (bytes, { module, version }) => hashOfZip(bytes, { module, version }, work),
      signal: work.signal,
    }),
  ]);
  const bounds = {
    wallMs: context.clock.wallMs(),
    bestRate: Math.max(0, ...seen.flatMap((each) => rateOf(each.sample) ?? [])),
    right: rightOf(sample, ofDatabase, seen),
    hasOthers: all.length > 1,
  };
  const direct = asked === undefined ? undefined : besideMirrors(asked, seen);
  const ofGo = named === undefined ? checkGo(withoutMirrors(go.facts, seen)) : [];
  const isMisread = ofGo.some(({ id }) => NO_LIST.has(id));
  const findings = [
    ...ofGo,
    ...(named === undefined ? projectFindings(texts, vendor, trouble) : []),
    ...(direct === undefined ? [] : checkDirect(direct, bounds.right?.h1)),
    // That a host has a semicolon in it is said once, and better.
    ...seen
      .filter(({ host }) => !(isMisread && host.includes(';')))
      .flatMap((facts) => checkMirror(facts, bounds)),
  ];
  return { go, mirrors: seen, direct, offline: await offlineOf(project, tools), findings };
}

function projectFindings(
  texts: Parameters<typeof checkProject>[0],
  vendor: VendorFacts | undefined,
  trouble: Finding | undefined,
): Finding[] {
  return [
    ...checkProject(texts),
    ...(trouble === undefined ? [] : [trouble]),
    ...(vendor === undefined ? [] : checkVendor(vendor)),
  ];
}

/** A proxy at which nobody listens, and which is a mirror of Rondo's chain too, is said to be silent there. */
function withoutMirrors(facts: GoFacts, seen: readonly Diagnosis[]): GoFacts {
  const mirrors = new Set(seen.map(({ url }) => formatAddress(addressOf(new URL(url)))));
  return { ...facts, silent: facts.silent.filter((address) => !mirrors.has(formatAddress(address))) };
}

async function offlineOf(project: Project | undefined, { work }: CopyTools): Promise<Examination['offline']> {
  const goSums = project?.goSums.map(({ goSum }) => goSum.entries) ?? [];
  if (goSums.length === 0) return undefined;
  const needed = neededFiles({ goSums, requires: [] });
  return { needed: needed.length, lacking: (await lackingFiles(needed, work)).length };
}

function tell(
  examination: Examination,
  named: string | undefined,
  flags: Flags,
  context: CliContext,
): number {
  const { data, screen } = context;
  const { go, direct, findings, ...rest } = examination;
  if (flags.json === true) {
    const settings = explainSettings(go.facts.values).map(({ name, value, from }) => ({ name, value, from }));
    const own = { ...go.says?.own, command: go.facts.command, settings };
    const page = {
      version: 1,
      go: own,
      ...rest,
      direct: directPage(direct),
      findings: findings.map(findingPage),
    };
    data(jsonText(page));
  } else {
    const style = screen('stdout');
    const lines =
      named === undefined
        ? doctorLines(examination, style)
        : [
            ...examination.mirrors.flatMap((each) => traceLines(each, style)),
            ...mirrorLines(examination, style),
          ];
    for (const line of lines) data(`${line}\n`);
  }
  return findings.some(({ level }) => level === 'finding') ? EXIT.findings : EXIT.ok;
}
