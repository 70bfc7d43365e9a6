import { createApp, type App } from '../app.ts';
import type { Config } from '../config/config.ts';
import { messageOf, RondoError, saidBy } from '../errors/rondo-error.ts';
import { EXAMPLE_VERSION } from '../gomod/toolchain.ts';
import { findExecutable } from '../host/find-executable.ts';
import { isShown, type LogLevel } from '../kit/log-level.ts';
import { neededFiles } from '../upkeep/needs.ts';
import type { CliContext } from './context.ts';
import { onceAKeystroke } from './drain.ts';
import { addToSummary, EMPTY_SUMMARY, summaryText } from './exec-summary.ts';
import { EXIT, signalExitCode } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { goSettingsFor } from './go-settings-for.ts';
import { originText } from '../config/origin-text.ts';
import { runCommand, type Command, type SignalPassing } from './run-command.ts';
import { showNotices } from './show-notices.ts';
import { showSecurity } from './show-security.ts';
import { readWorkSetting } from './go-work.ts';
import { readProjects } from './project-files.ts';
import { installedIn, ownPlatform, toolchainsDir } from './toolchain-folder.ts';
import { loadUserConfig } from './user-config.ts';
import { VERSION } from './version.ts';
import { say } from '../words/text.ts';

/**
 * `rondo exec -- CMD …`: runs CMD behind a private proxy on a free port of this machine. Resolves with
 * CMD's own exit code; 4 instead where CMD has failed and the checksum database was caught lying; 127 if it is not there, 126 if it cannot be run. A chain of nothing but `direct` or
 * `off` is handed to CMD as it is, without a proxy.
 * @throws RondoError as `serve` does.
 */
export async function exec(words: readonly string[], flags: Flags, context: CliContext): Promise<number> {
  const { env, cwd, platform } = context;
  const [name = '', ...args] = words;
  const found = await findExecutable(name, platform, env, cwd);
  if (found.kind === 'not-found' && name === 'go') return noGo(flags, context);
  if (found.kind !== 'found') return cannotRun(name, found.kind, context);
  const { config } = await loadUserConfig(flags, context);
  const command: Command = { path: found.path, name, args, env, cwd };
  const pass = onceAKeystroke(context.clock);
  const signals: SignalPassing = { ...context, pass };
  const offline = flags.offline === true;
  if (config.chain.mirrors.length === 0 && !offline) {
    const { origin, end } = config.chain;
    context.warn(
      say('{origin} names no mirror (only {end}): {name} runs without Rondo', {
        origin: originText(origin),
        end: end ?? say('nothing'),
        name,
      }),
    );
    return start(withVariables(command, { GOPROXY: config.chain.end ?? 'off' }), signals, context);
  }
  const prefetch = flags.prefetch === true && !offline;
  return behindProxy(command, signals, { config, offline, prefetch, flags }, context);
}

/** stderr belongs to CMD: what spoils its build is shown, and not once for each file. */
const MOST_NOTICES = 3;

function noticeLevel({ log }: Config): LogLevel {
  return isShown(log.level, 'warn') ? log.level : 'warn';
}

type Behind = {
  readonly config: Config;
  readonly offline: boolean;
  readonly prefetch: boolean;
  readonly flags: Flags;
};

async function behindProxy(
  command: Command,
  signals: SignalPassing,
  { config, offline, prefetch, flags }: Behind,
  context: CliContext,
): Promise<number> {
  const { clock } = context;
  const logRequests = config.log.requests === 'on';
  const app = await createApp({
    config,
    version: VERSION,
    offline,
    clock,
    random: Math.random,
    logRequests,
    keepsHistory: false,
  });
  const leftOut = logRequests
    ? () => 0
    : showNotices(app.bus, () => noticeLevel(config), context, MOST_NOTICES);
  if (!logRequests) showSecurity(app.bus, context);
  let summary = EMPTY_SUMMARY;
  app.bus.subscribe((event) => {
    summary = addToSummary(summary, event);
  });
  let code: number;
  const over = new AbortController();
  try {
    const { url } = await app.listen('127.0.0.1', 0);
    // CMD starts all the same: it shares whatever is under way when it asks.
    const onFetched = (): void => void (summary = { ...summary, ahead: summary.ahead + 1 });
    if (prefetch) void fetchProject(app, over.signal, onFetched, context);
    const variables = goSettingsFor(url, config.chain, config.go, offline);
    code = await start(withVariables(command, variables), signals, context);
  } catch (error) {
    await app.force();
    throw error;
  } finally {
    over.abort();
  }
  await end(app, signals, context);
  if (leftOut() > 0)
    context.warn(say('{count} more of these; RONDO_LOG_REQUESTS=on shows them all', { count: leftOut() }));
  context.tell(summaryText(summary));
  if (code !== 0 && code < signalExitCode(1) && summary.unanswered > 0) {
    const { workingRung } = await import('./exec-rung.ts');
    context.tell(await workingRung([command.name, ...command.args], config, flags, context));
  }
  // CMD has failed over something that no other try mends.
  return code !== 0 && summary.caught > 0 ? EXIT.integrity : code;
}

/** Reads the project's go.sum ahead. That it cannot is no reason for CMD not to run: it may be about something else. */
async function fetchProject(
  app: App,
  signal: AbortSignal,
  onFetched: () => void,
  context: CliContext,
): Promise<void> {
  try {
    const [project] = await readProjects([], context.cwd, await readWorkSetting(context));
    const goSums = project?.goSums.map(({ goSum }) => goSum.entries) ?? [];
    await app.fetchAhead(neededFiles({ goSums, requires: [] }), signal, onFetched);
  } catch (error) {
    context.warn(say('nothing is fetched ahead: {why}', { why: saidBy(error) }));
  }
}

function withVariables(command: Command, variables: Readonly<Record<string, string>>): Command {
  return { ...command, env: { ...command.env, ...variables } };
}

async function start(command: Command, signals: SignalPassing, context: CliContext): Promise<number> {
  try {
    return await runCommand(command, signals);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return cannotRun(command.name, missing ? 'not-found' : 'not-executable', context, error);
  }
}

/** Keeps what is whole, drops what CMD has left under way. What goes wrong now is shown, but CMD's own end is what counts. */
async function end(app: App, { pass, onSignal }: SignalPassing, context: CliContext): Promise<void> {
  const off = onSignal(['SIGINT', 'SIGTERM'], (signal) => {
    if (pass(signal)) app.force().catch((error: unknown) => context.showError(error));
  });
  try {
    await app.drain();
  } catch (error) {
    context.showError(error);
  } finally {
    off();
  }
}

async function noGo(flags: Flags, context: CliContext): Promise<number> {
  const own = ownPlatform(context);
  const installed = await installedIn(toolchainsDir(flags, context));
  const has = installed.some(({ os, arch }) => os === own.os && arch === own.arch);
  const hint = has
    ? say('rondo has installed a Go; to use it in this shell: eval "$(rondo env)"')
    : say('rondo toolchain install {version}', { version: EXAMPLE_VERSION });
  context.showError(new RondoError('E_USAGE', say('there is no go on PATH'), { hint }));
  return EXIT.notFound;
}

function cannotRun(
  name: string,
  kind: 'not-found' | 'not-executable',
  context: CliContext,
  cause?: unknown,
): number {
  const [message, hint, code] =
    kind === 'not-found'
      ? [
          say('there is no command {name}', { name }),
          say('a program and its arguments stand behind --; for a shell line: sh -c "…"'),
          EXIT.notFound,
        ]
      : [
          say('{name} cannot be run', { name }),
          say('is it a program, and may you execute it?'),
          EXIT.notExecutable,
        ];
  const whole =
    cause === undefined ? message : say('{what}: {why}', { what: message, why: messageOf(cause) });
  context.showError(new RondoError('E_USAGE', whole, { hint }));
  return code;
}
