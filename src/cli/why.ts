import { openEach } from '../ask-each.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { isPseudoVersion } from '../gomod/pseudo-version.ts';
import { askDirect, listDirect } from '../host/ask-direct.ts';
import { findExecutable } from '../host/find-executable.ts';
import type { DirectFact, Finding, VersionFacts } from '../inquiry/facts.ts';
import type { ModuleFacts, ModuleLists } from '../inquiry/module-facts.ts';
import { compareLists, doubtfulVersions, moduleVerdicts } from '../inquiry/module-verdict.ts';
import { verdictsOf } from '../inquiry/verdict.ts';
import { routeInConfig, type ConfiguredRoute } from '../route-in-config.ts';
import { jsonText } from './json-text.ts';
import type { CliContext } from './context.ts';
import { withCopy, type CopyTools } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { parseModuleWords } from './module-words.ts';
import { projectHere } from './project-here.ts';
import { factOfDatabase, factOfMirror } from './why-facts.ts';
import { moduleLines, moduleTable } from './why-module-words.ts';
import { readList, versionsOfMirror } from './why-module-facts.ts';
import { whyLines, whyTable } from './why-words.ts';
import { say } from '../words/text.ts';

const DIRECT_TIMEOUT_MS = 60_000;

/**
 * `rondo why MODULE[@VERSION]`: what every mirror, its own repository, the checksum database and the project's go.sum have
 * of one version, side by side, and what that comes to; without a version, which versions each of them lists. Resolves
 * with 0 where all is well, 1 where there is a finding, 4 where somebody has other content than the checksum database.
 * @throws RondoError E_USAGE; as withCopy does
 */
export function why(words: readonly string[], flags: Flags, context: CliContext): Promise<number> {
  const [word] = parseModuleWords(words, 'version');
  if (word === undefined)
    throw new RondoError('E_USAGE', say('no module is named'), {
      hint: say('rondo why {value}', { value: 'example.com/mod' }),
    });
  const { module, version } = word;
  const manners = { flags, offline: false, makesCopy: true, startsOver: true, doing: say('asking') } as const;
  return version === undefined
    ? withCopy(
        {
          ...manners,
          work: (tools) => gatherModule(module, tools, flags, context),
          report: (facts) => tellModule(facts, flags, context),
        },
        context,
      )
    : withCopy(
        {
          ...manners,
          work: (tools) => gather({ module, version }, tools, flags, context),
          report: (facts) => tell(facts, flags, context),
        },
        context,
      );
}

type Version = { readonly module: string; readonly version: string };

async function gather(
  asked: Version,
  tools: CopyTools,
  flags: Flags,
  context: CliContext,
): Promise<VersionFacts> {
  const { work, config, asking } = tools;
  const route = routeInConfig(asked.module, config);
  const each = openEach(route.mirrors, asking);
  try {
    const [mirrors, database, direct, goSum] = await Promise.all([
      Promise.all(each.map((mirror) => factOfMirror(mirror, asked, work))),
      factOfDatabase(asked, work),
      factOfDirect(asked, work.signal, flags, context),
      goSumOf(asked, context),
    ]);
    const isPseudo = isPseudoVersion(asked.version);
    return {
      ...asked,
      ...privacyOf(route),
      isPseudo,
      mirrors: [...mirrors, ...route.others.map(notAsked)],
      direct,
      database,
      goSum,
    };
  } finally {
    await Promise.all(each.map((mirror) => mirror.close()));
  }
}

async function factOfDirect(
  asked: Version,
  signal: AbortSignal,
  flags: Flags,
  context: CliContext,
): Promise<DirectFact> {
  const go = await directGo(flags, context);
  if (typeof go !== 'string') return go;
  const { env, clock } = context;
  return askDirect({ go, ...asked, env, timeoutMs: DIRECT_TIMEOUT_MS, clock, signal });
}

function notAsked(name: string): { readonly name: string; readonly kind: 'not-asked' } {
  return { name, kind: 'not-asked' };
}

function privacyOf({
  privateBy,
  isPastProxies,
}: ConfiguredRoute): Pick<VersionFacts, 'privateBy' | 'isPastProxies'> {
  return { privateBy, ...(isPastProxies ? { isPastProxies } : {}) };
}

async function gatherModule(
  module: string,
  { work, config, asking }: CopyTools,
  flags: Flags,
  context: CliContext,
): Promise<ModuleFacts> {
  const route = routeInConfig(module, config);
  const each = openEach(route.mirrors, asking);
  try {
    const [mirrors, direct] = await Promise.all([
      Promise.all(each.map((mirror) => versionsOfMirror(mirror, module, work.signal))),
      versionsOfDirect(module, work.signal, flags, context),
    ]);
    const all = [...mirrors, ...route.others.map(notAsked)];
    const lists = { module, ...privacyOf(route), mirrors: all, direct };
    return compareLists(lists, await confirmedOf(lists, work));
  } finally {
    await Promise.all(each.map((mirror) => mirror.close()));
  }
}

/** Which of the newest versions that one mirror alone names the checksum database has: as many questions as mirrors. */
async function confirmedOf(lists: ModuleLists, work: CopyTools['work']): Promise<ReadonlySet<string>> {
  const { module } = lists;
  const asked = doubtfulVersions(lists).map(async (version) => {
    const fact = await factOfDatabase({ module, version }, work);
    return fact.kind === 'known' ? [version] : [];
  });
  return new Set((await Promise.all(asked)).flat());
}

async function versionsOfDirect(
  module: string,
  signal: AbortSignal,
  flags: Flags,
  context: CliContext,
): Promise<ModuleLists['direct']> {
  const go = await directGo(flags, context);
  if (typeof go !== 'string') return go;
  const { env, clock } = context;
  const answer = await listDirect({ go, module, env, timeoutMs: DIRECT_TIMEOUT_MS, clock, signal });
  if (answer.kind !== 'has') return answer;
  return { kind: 'has', ...readList(answer.versions.join('\n'), answer.latest) };
}

/** The go command, or why no repository is asked. */
async function directGo(
  flags: Flags,
  { env, platform, cwd }: CliContext,
): Promise<string | Extract<DirectFact, { kind: 'not-asked' }>> {
  if (flags.direct === false) return { kind: 'not-asked', why: '--no-direct' };
  const go = await findExecutable('go', platform, env, cwd);
  return go.kind === 'found' ? go.path : { kind: 'not-asked', why: 'there is no go' };
}

/** Of the project here, if this is one. */
async function goSumOf(asked: Version, context: CliContext): Promise<VersionFacts['goSum']> {
  const { project, trouble } = await projectHere(context);
  if (trouble !== undefined)
    context.warn(say('go.sum of this project is not looked at: {why}', { why: trouble.what }));
  const all = project?.goSums.flatMap(({ goSum }) => goSum.entries) ?? [];
  const entries = all.filter(({ module, version }) => module === asked.module && version === asked.version);
  const h1Of = (wanted: 'mod' | 'zip'): string | undefined => entries.find(({ kind }) => kind === wanted)?.h1;
  const [mod, zip] = [h1Of('mod'), h1Of('zip')];
  return { ...(mod === undefined ? {} : { mod }), ...(zip === undefined ? {} : { zip }) };
}

/** Somebody has other content than was vouched for. */
const GRAVE: ReadonlySet<Finding['kind']> = new Set<Finding['kind']>([
  'lies',
  'go-sum-differs',
  'database-untrusted',
]);

function tell(facts: VersionFacts, flags: Flags, context: CliContext): number {
  const { data, screen } = context;
  const findings = verdictsOf(facts);
  if (flags.json === true) data(jsonText({ version: 1, facts, findings }));
  else data(`${whyTable(facts, screen('stdout')).join('\n')}\n`);
  for (const line of whyLines(facts, findings)) context.tell(line);
  if (findings.some(({ kind }) => GRAVE.has(kind))) return EXIT.integrity;
  return findings.some(({ kind }) => kind !== 'well') ? EXIT.findings : EXIT.ok;
}

function tellModule(facts: ModuleFacts, flags: Flags, context: CliContext): number {
  const { data, screen } = context;
  const findings = moduleVerdicts(facts);
  if (flags.json === true) data(jsonText({ version: 1, facts, findings }));
  else data(`${moduleTable(facts, screen('stdout')).join('\n')}\n`);
  for (const line of moduleLines(facts, findings)) context.tell(line);
  return findings.some(({ kind }) => kind !== 'well') ? EXIT.findings : EXIT.ok;
}
