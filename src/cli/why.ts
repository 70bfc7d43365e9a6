import { openEach } from '../ask-each.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { matchPrefixPatterns } from '../gomod/path-patterns.ts';
import { isPseudoVersion } from '../gomod/pseudo-version.ts';
import { askDirect } from '../host/ask-direct.ts';
import { findExecutable } from '../host/find-executable.ts';
import type { DirectFact, MirrorFact, VersionFacts } from '../inquiry/facts.ts';
import { verdictsOf } from '../inquiry/verdict.ts';
import type { CliContext } from './context.ts';
import { withCopy, type CopyTools } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { parseModuleWords } from './module-words.ts';
import { readProjects } from './project-files.ts';
import { render } from '../words/render.ts';
import { shownLine } from './shown-line.ts';
import { factOfDatabase, factOfMirror } from './why-facts.ts';
import { whyLines, whyTable } from './why-words.ts';
import { say } from '../words/text.ts';

const DIRECT_TIMEOUT_MS = 60_000;

/**
 * `rondo why MODULE@VERSION`: what every mirror, its own repository, the checksum database and the project's go.sum have
 * of one version, side by side, and what that comes to. Resolves with 0 where all is well, 1 where there is a finding, 4
 * where somebody has other content than the checksum database.
 * @throws RondoError E_USAGE; as withCopy does
 */
export async function why(words: readonly string[], flags: Flags, context: CliContext): Promise<number> {
  const [word] = parseModuleWords(words, 'version');
  if (word?.version === undefined) {
    throw new RondoError('E_USAGE', say('{value} names no version', { value: words[0] ?? '' }), {
      hint: say('rondo why {value}@v1.2.3', { value: words[0] ?? 'example.com/mod' }),
    });
  }
  const asked = { module: word.module, version: word.version };
  return withCopy(
    {
      flags,
      offline: false,
      makesCopy: true,
      startsOver: true,
      doing: 'asking',
      work: (tools) => gather(asked, tools, flags, context),
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
  const { goprivate, gonoproxy } = config.go;
  const privateBy = [goprivate, gonoproxy].find((patterns) => matchPrefixPatterns(patterns, asked.module));
  const isFor = ({ match }: { readonly match: string }): boolean =>
    match === '*' ? privateBy === undefined : matchPrefixPatterns(match, asked.module);
  const routed = config.chain.mirrors.filter(isFor);
  const each = openEach(routed, asking);
  try {
    const [mirrors, database, direct, goSum] = await Promise.all([
      Promise.all(each.map((mirror) => factOfMirror(mirror, asked, work))),
      factOfDatabase(asked, work),
      factOfDirect(asked, work.signal, flags, context),
      goSumOf(asked, context),
    ]);
    const others = config.chain.mirrors
      .filter((mirror) => !isFor(mirror))
      .map(({ name }): MirrorFact => ({ name, kind: 'not-asked' }));
    const isPseudo = isPseudoVersion(asked.version);
    return { ...asked, privateBy, isPseudo, mirrors: [...mirrors, ...others], direct, database, goSum };
  } finally {
    await Promise.all(each.map((mirror) => mirror.close()));
  }
}

async function factOfDirect(
  asked: Version,
  signal: AbortSignal,
  flags: Flags,
  { env, platform, cwd }: CliContext,
): Promise<DirectFact> {
  if (flags.direct === false) return { kind: 'not-asked', why: '--no-direct' };
  const go = await findExecutable('go', platform, env, cwd);
  if (go.kind !== 'found') return { kind: 'not-asked', why: 'there is no go' };
  return askDirect({ go: go.path, ...asked, env, timeoutMs: DIRECT_TIMEOUT_MS, signal });
}

/** Of the project here, if this is one. */
async function goSumOf(asked: Version, { cwd }: CliContext): Promise<VersionFacts['goSum']> {
  const projects = await readProjects([], cwd).catch(() => []);
  const entries = projects
    .flatMap(({ goSums }) => goSums.flatMap(({ goSum }) => goSum.entries))
    .filter(({ module, version }) => module === asked.module && version === asked.version);
  const h1Of = (wanted: 'mod' | 'zip'): string | undefined => entries.find(({ kind }) => kind === wanted)?.h1;
  const [mod, zip] = [h1Of('mod'), h1Of('zip')];
  return { ...(mod === undefined ? {} : { mod }), ...(zip === undefined ? {} : { zip }) };
}

function tell(facts: VersionFacts, flags: Flags, { data, words, screen, table }: CliContext): number {
  const findings = verdictsOf(facts);
  if (flags.json === true) data(`${JSON.stringify({ version: 1, facts, findings }, null, 2)}\n`);
  else data(`${whyTable(facts, screen('stdout')).join('\n')}\n`);
  for (const line of whyLines(facts, findings)) words(shownLine(`rondo: ${render(line, table)}`));
  if (findings.some(({ kind }) => kind === 'lies' || kind === 'go-sum-differs')) return EXIT.integrity;
  return findings.some(({ kind }) => kind !== 'well') ? EXIT.findings : EXIT.ok;
}
