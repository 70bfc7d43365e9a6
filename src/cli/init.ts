import { mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UNTUNED } from '../config/build-mirrors.ts';
import { isBuiltIn, knownMirrors } from '../config/built-in-list.ts';
import type { Chain, Config } from '../config/config.ts';
import { userConfigFile } from '../config/find-files.ts';
import { renderInitFile } from '../config/init-file.ts';
import { printable } from '../config/quote.ts';
import { rememberTrust, trustHash } from '../config/trust.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { readGoEnvironment } from '../host/go-env.ts';
import { userFolders, type UserFolders } from '../host/user-folders.ts';
import { measureMirrors } from '../probe-mirrors.ts';
import { jsonText } from './json-text.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { offerGoEnv } from './init-go-env.ts';
import { candidatesOf, planOf, proxyOf, rank, type Candidate, type Plan, type Ranked } from './init-plan.ts';
import { fileNote, formatInitTable, measurementWords, type Asked } from './init-table.ts';
import { checkTarget, writeConfigFile } from './init-write.ts';
import { originText } from '../config/origin-text.ts';
import { createLiveBlock } from './screen.ts';
import { loadUserConfig } from './user-config.ts';
import { VERSION } from './version.ts';
import { shownLine } from './shown-line.ts';
import { render } from '../words/render.ts';
import { many, say, type Text } from '../words/text.ts';

/** What tests replace: the public mirrors are not theirs to ask. */
export type InitWorld = {
  /** URLs of the public mirrors, given GOPROXY of `$GOROOT/go.env`. */
  readonly known: (goroot: string | undefined) => readonly string[];
};

/**
 * `rondo init`: measures the mirrors of the chain in force and the public ones, writes them into a commented
 * `.goproxy` in their order, trusts it, and says what to do next. The path is on stdout.
 *
 * Nothing is written where no mirror that would stand in the file has answered: such a file would make no build
 * work, and would hide the chain that is in force from then on.
 * @throws RondoError E_CONFIG where there is a file already, or the chain in force is a stranger's; E_NO_CHAIN
 * where nothing would stand in the file; E_NO_MIRROR; E_INTERRUPTED
 */
export async function init(
  flags: Flags,
  context: CliContext,
  world: InitWorld = { known: knownMirrors },
): Promise<number> {
  const { env, cwd, platform } = context;
  const force = flags.force === true;
  const folders = userFolders(platform, env, context.systemHome);
  const path = resolve(cwd, flags.config ?? '.goproxy');
  const own = userConfigFile(folders.configDir);
  if (path === own) await mkdir(dirname(own), { recursive: true, mode: 0o700 });
  const exists = await checkTarget(path, force, flags.chainOnly);
  // A file that is to be replaced is in force until then.
  const named = flags.config !== undefined && exists ? { config: path } : {};
  const { config } = await loadUserConfig({ ...named, offline: true }, context);
  const { chain } = config;
  if (!chain.trusted) throw strangersChain(chain);
  const go = await readGoEnvironment(platform, env, folders, cwd);
  const known = flags.chainOnly === true ? [] : world.known(go.files.goroot.get('GOPROXY'));
  const ranked = await measureAll(candidatesOf(chain, known, config.probe.path), config, context);

  const chosen = !isBuiltIn(chain);
  const addPublic = chosen && (await wantsPublic(ranked, chain, flags, context));
  const plan = planOf(ranked, chosen, addPublic);
  if (plan.written.length === 0 && chosen && !addPublic) throw noMirrorNamed(chain);
  if (plan.written.every(({ measurement }) => measurement.grade === 'failed')) throw noAnswer();
  const proxy = proxyOf(plan, chain, chosen);
  const kept = await write({ path, plan, proxy, force, folders }, context);

  for (const warning of lossesOf(chain, kept)) context.warn(warning);
  context.tell(
    say('wrote {path}, and trusts it: proxy = {proxy}', {
      path: printable(path),
      proxy: printable(proxy, 1000),
    }),
  );
  if (plan.written.length === 1) {
    context.warn(
      say('only one mirror stands in it: nothing takes over when that one fails; add others to proxy'),
    );
  }
  if (kept !== undefined) context.tell(say('what was there is kept as {path}', { path: printable(kept) }));
  if (flags.json === true) context.data(jsonText(report(path, kept, proxy, chain, ranked, plan)));
  else context.data(context.screen('stdout').isTerminal ? shownLine(path) : `${path}\n`);
  await offerGoEnv(
    { path, isDefault: flags.config === undefined || path === own, go, stateDir: folders.stateDir },
    flags,
    context,
  );
  return EXIT.ok;
}

async function measureAll(
  candidates: readonly Candidate[],
  config: Config,
  context: CliContext,
): Promise<Ranked[]> {
  const { clock, platform, words, table: language } = context;
  const live = context.screen('stderr').isTerminal;
  const block = createLiveBlock(words, () => context.screen('stderr'));
  const asked: Asked[] = [...candidates];
  const table = (rows: readonly Asked[]): string[] =>
    formatInitTable(rows, clock.wallMs(), context.screen('stderr'));
  if (live) block.draw(table(asked));
  else context.tell(many(candidates.length, ASKING_ONE, ASKING_MORE));
  const options = { config, version: VERSION, platform, clock, random: Math.random };
  const mirrors = candidates.map(({ mirror }) => mirror);
  const measurements = await measureMirrors(mirrors, options, (index, measurement) => {
    const candidate = candidates[index];
    if (candidate === undefined) return;
    asked[index] = { ...candidate, measurement };
    if (live) block.draw(table(asked));
    else words(`  ${render(lineOf(candidate, measurement, clock.wallMs()), language)}\n`);
  });
  const ranked = rank(
    candidates.flatMap((candidate, index) => {
      const measurement = measurements[index];
      return measurement === undefined ? [] : [{ ...candidate, measurement }];
    }),
  );
  if (live) block.draw(table(ranked));
  else words(`\n${table(ranked).join('\n')}\n\n`);
  return ranked;
}

const ASKING_ONE = 'asking {count} mirror, in five seconds at the most';
const ASKING_MORE = 'asking {count} mirrors, in five seconds at the most';

function lineOf({ mirror }: Candidate, measurement: Ranked['measurement'], wallMs: number): Text {
  return say('{name}: {what}', {
    name: printable(mirror.name),
    what: measurementWords(measurement, wallMs),
  });
}

/** Whether public mirrors may join a chain that somebody chose: only who says so lets them see its paths. */
async function wantsPublic(
  ranked: readonly Ranked[],
  chain: Chain,
  flags: Flags,
  { confirm, tell, table }: CliContext,
): Promise<boolean> {
  if (flags.addPublic === true) return true;
  const names = planOf(ranked, true, true)
    .written.filter(({ ofChain }) => !ofChain)
    .map(({ mirror }) => mirror.name)
    .join(', ');
  if (names === '') return false;
  if (flags.yes === true || confirm === undefined) {
    tell(
      say(
        'no public mirror joins a chain that was chosen (--add-public lets them): {names} would see every module path that GOPRIVATE does not name',
        { names },
      ),
    );
    return false;
  }
  const question = say(
    'Add public mirrors to the chain in force ({origin})? {names} would see every module path that GOPRIVATE does not name.',
    { origin: originText(chain.origin), names },
  );
  return confirm(render(question, table));
}

/** What the mirrors of the chain in force had and the new file does not say, a line each. */
function lossesOf({ mirrors }: Chain, kept: string | undefined): Text[] {
  const secret = mirrors.filter(({ authorizationOrigin }) => authorizationOrigin === 'url');
  const tuned = mirrors.filter(
    ({ weight, tier, match }) =>
      weight !== UNTUNED.weight || tier !== UNTUNED.tier || match !== UNTUNED.match,
  );
  const names = (some: Chain['mirrors']): string => some.map(({ name }) => name).join(', ');
  return [
    ...(secret.length === 0
      ? []
      : [
          say('credentials are not written: put those of {names} into netrc (rondo config docs)', {
            names: names(secret),
          }),
        ]),
    ...(kept === undefined || tuned.length === 0
      ? []
      : [
          say('weight, tier and match of {names} are not taken over: copy their sections from {path}', {
            names: names(tuned),
            path: kept,
          }),
        ]),
  ];
}

type Writing = {
  readonly path: string;
  readonly plan: Plan;
  readonly proxy: string;
  readonly force: boolean;
  readonly folders: UserFolders;
};

/** Resolves with the path at which an old file is kept, if there was one. */
async function write(
  { path, plan, proxy, force, folders }: Writing,
  { clock, onSignal, table }: CliContext,
): Promise<string | undefined> {
  const section = (each: Ranked, written: boolean): { name: string; url: string; note: Text } => ({
    name: each.mirror.name,
    url: each.mirror.url.href,
    note: fileNote(each, written, clock.wallMs()),
  });
  const content = renderInitFile({
    proxy,
    mirrors: [
      ...plan.written.map((each) => section(each, true)),
      ...plan.others.map((each) => section(each, false)),
    ],
    cacheDir: folders.cacheDir,
    table,
  });
  // Trust, an old file's copy and the new file belong together: a signal waits until they are there.
  let isInterrupted = false;
  const off = onSignal(['SIGINT', 'SIGTERM'], () => (isInterrupted = true));
  try {
    // First: trust in a file that is not there yet harms nobody, a file that is not trusted is half a setting.
    const realPath = join(await realpath(dirname(path)), basename(path));
    await rememberTrust(folders.stateDir, { path, hash: trustHash(realPath, content) });
    const { kept } = await writeConfigFile(path, content, force);
    if (isInterrupted)
      throw new RondoError(
        'E_INTERRUPTED',
        say('interrupted: {path} is written, and nothing more was done', { path }),
      );
    return kept;
  } finally {
    off();
  }
}

function report(
  file: string,
  kept: string | undefined,
  proxy: string,
  chain: Chain,
  ranked: readonly Ranked[],
  plan: Plan,
): object {
  return {
    version: 1,
    file,
    ...(kept === undefined ? {} : { kept }),
    proxy,
    origin: chain.origin,
    mirrors: ranked.map((each) => ({
      name: each.mirror.name,
      url: each.mirror.url.href,
      ofChain: each.ofChain,
      written: plan.written.includes(each),
      ...each.measurement,
    })),
  };
}

function strangersChain({ origin }: Chain): RondoError {
  return new RondoError(
    'E_CONFIG',
    say('{origin} names the mirrors, and you have not trusted it', { origin: originText(origin) }),
    {
      hint: say(
        'rondo config trust, if you trust it; else remove it, or name your mirrors in GOPROXY_OVERRIDE',
      ),
    },
  );
}

function noMirrorNamed({ origin }: Chain): RondoError {
  return new RondoError(
    'E_NO_CHAIN',
    say('the chain in force ({origin}) names no mirror, and no public one is to be added', {
      origin: originText(origin),
    }),
    { hint: say('rondo init --add-public, or name your mirrors in GOPROXY') },
  );
}

function noAnswer(): RondoError {
  return new RondoError('E_NO_MIRROR', say('no mirror has answered; nothing was written'), {
    hint: say(
      'is the network up, and does it need HTTPS_PROXY? Behind a firewall name a mirror of yours: GOPROXY=https://… rondo init',
    ),
  });
}
