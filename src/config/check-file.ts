import { RondoError } from '../errors/rondo-error.ts';
import { parseGoproxyList, wordsBehindEnd } from '../gomod/goproxy-list.ts';
import type { MirrorSection } from './build-mirrors.ts';
import type { Origin } from './config.ts';
import type { FoundFile } from './find-files.ts';
import { parseIniFile } from './ini-file.ts';
import { createLayer } from './layer.ts';
import { readMirrorSections } from './mirror-sections.ts';
import { printable } from './quote.ts';
import { checkTogether, defaultDir, readSections } from './read-sections.ts';
import { layerSource } from './read-values.ts';
import { resolveChain } from './resolve-chain.ts';
import { readTargetSections } from './target-sections.ts';
import { say } from '../words/text.ts';

/** The user's folders, for values that name some. */
export type CheckFolders = { readonly home: string; readonly cacheDir: string };

/**
 * All mistakes of a configuration file, as if it were trusted and alone, in the order in which it is read:
 * what one of them hides (a section that is none, a chain of broken values) is found once that is mended.
 * Credentials are not read: whether they are there is no matter of the file. Pure.
 */
export function checkFile(
  { path, content }: Pick<FoundFile, 'path' | 'content'>,
  { home, cacheDir }: CheckFolders,
): RondoError[] {
  const problems: RondoError[] = [];
  const report = (problem: RondoError): void => void problems.push(problem);
  const layer = createLayer(parseIniFile(content, path, report), path, true, report);
  const sources = [layerSource(layer), defaultDir(cacheDir)];
  const origins = new Map<string, Origin>();
  const { sections } = readSections({ sources, home, origins, defaults: true, report });
  const mirrors = readMirrorSections([layer], home, new Map(), report);
  readTargetSections([layer], home, new Map(), report);
  if (problems.length > 0) return problems;
  reportThrown(report, () => {
    checkTogether(sections, origins);
  });
  const { tls, tlsCert, tlsKey } = sections.server;
  if (tls && (tlsCert === undefined || tlsKey === undefined)) {
    const where = (origins.get('server.tls') ?? '').replace(/^file /, '');
    report(
      new RondoError('E_CONFIG', say('{where}: tls = true needs tls_cert and tls_key beside it', { where })),
    );
  }
  const proxy = layer.values.get('proxy');
  const givesChain = proxy !== undefined || mirrors.some(({ urlLayer }) => urlLayer !== undefined);
  if (!givesChain) return problems;
  reportThrown(report, () => {
    resolveChain({
      override: undefined,
      environment: undefined,
      files: [{ file: path, trusted: true, proxy }],
      sections: mirrors,
      goUser: undefined,
      goroot: undefined,
      kept: [],
      listen: sections.server.listen,
      refused: new Set(),
      probePath: sections.probe.path,
      netrc: () => undefined,
    });
    if (proxy !== undefined) checkList(`${path}:${proxy.line}`, proxy.text, mirrors);
  });
  return problems;
}

/** A file that a configuration names. */
export type NamedFile = { readonly where: string; readonly key: string; readonly path: string };

/** The files that a configuration file names, of certificates and credentials: that they are there is for others to see. Pure. */
export function filesNamedIn(
  { path, content }: Pick<FoundFile, 'path' | 'content'>,
  { home, cacheDir }: CheckFolders,
): NamedFile[] {
  const skip = (): void => undefined;
  const layer = createLayer(parseIniFile(content, path, skip), path, true, skip);
  const origins = new Map<string, Origin>();
  const sources = [layerSource(layer), defaultDir(cacheDir)];
  const { server, alerts, telemetry } = readSections({
    sources,
    home,
    origins,
    defaults: true,
    report: skip,
  }).sections;
  const mirrors = readMirrorSections([layer], home, origins, skip);
  const named: [key: string, path: string | undefined][] = [
    ['server.tls_cert', server.tlsCert],
    ['server.tls_key', server.tlsKey],
    ['alerts.webhook_file', alerts.webhookFile],
    ['alerts.secret_file', alerts.secretFile],
    ['alerts.command', alerts.command],
    ['telemetry.headers_file', telemetry.headersFile],
    ...mirrors.flatMap(({ name, values }): [string, string | undefined][] => [
      [`mirror.${name}.login_file`, values.loginFile],
      [`mirror.${name}.token_file`, values.tokenFile],
    ]),
  ];
  return named.flatMap(([key, file]) => {
    const where = origins.get(key)?.replace(/^file /, '') ?? path;
    return file === undefined ? [] : [{ where, key, path: file }];
  });
}

/** What `serve` refuses, and go never reads. @throws RondoError */
function checkList(where: string, text: string, sections: readonly MirrorSection[]): void {
  const { entries, end } = parseGoproxyList(text);
  const behind = wordsBehindEnd(text);
  if (behind.length > 0) {
    const words = printable(behind.map((word) => word.replace(/^.*@/s, '')).join(', '));
    throw new RondoError(
      'E_CONFIG',
      say('{where}: {words} stands behind {end}, where go stops reading', { where, words, end: end ?? '' }),
      {
        hint: say('write {end} last', { end: end ?? '' }),
      },
    );
  }
  if (entries.length > 0 || sections.some(({ urlLayer }) => urlLayer !== undefined)) return;
  throw new RondoError(
    'E_CONFIG',
    say('{where}: proxy names no mirror (only {end}): serve has nothing to ask', { where, end: end ?? '' }),
    {
      hint: say('rondo init, or name the mirrors: proxy = https://goproxy.cn,direct'),
    },
  );
}

function reportThrown(report: (problem: RondoError) => void, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof RondoError)) throw error;
    report(error);
  }
}
