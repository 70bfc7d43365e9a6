import stringWidth from 'string-width';
import { printable } from '../config/quote.ts';
import type { Diagnosis } from '../diagnose-mirrors.ts';
import { hopLines } from '../doctor/check-answer.ts';
import { rateOf, type NameFacts } from '../doctor/check-mirror.ts';
import type { Finding } from '../doctor/finding.ts';
import { explainSettings, type ExplainedSetting } from '../doctor/setting-words.ts';
import { formatSize } from '../kit/size.ts';
import { causeWords } from '../upstream/explain-cause.ts';
import type { PeekedCertificate } from '../upstream/peek-certificate.ts';
import { detailText } from '../words/detail-text.ts';
import { render } from '../words/render.ts';
import { listed, many, say, type Text } from '../words/text.ts';
import type { Examination } from './doctor.ts';
import { formatTable, type Cell, type Column, type Row, type TableStyle } from './table.ts';
import { wrapWithin } from './text-width.ts';

/** The phases of one mirror, as `curl -v` shows them: `*` what happened, `<` what came. Pure. */
export function traceLines(diagnosis: Diagnosis, { table, width }: TableStyle): string[] {
  const { name, url, names, hostsLine, certificate, hops, timing, outcome, sample } = diagnosis;
  const words = (text: Text | string): string => render(text, table);
  const tls = certificate === undefined ? [] : certificateLines(certificate, timing.tls?.protocol);
  return [
    `* ${name}  ${url}`,
    ...(hostsLine === undefined ? [] : [`*   hosts   ${hostsLine}`]),
    `*   DNS     ${words(namesText(names))}`,
    ...(timing.connectMs === undefined
      ? []
      : [`*   TCP     ${words(say('connected after {time}', { time: ms(timing.connectMs) }))}`]),
    ...tls.map((line) => `*   TLS     ${words(line)}`),
    ...(timing.tlsMs === undefined
      ? []
      : [`*   TLS     ${words(say('secured after {time}', { time: ms(timing.tlsMs) }))}`]),
    ...hopLines(hops).map((line) => `<   ${words(line)}`),
    ...(timing.firstByteMs === undefined
      ? []
      : [`<   ${words(say('first byte after {time}', { time: ms(timing.firstByteMs) }))}`]),
    ...(outcome.class === 'ok' ? [] : [`*   ${words(detailText(outcome.detail))}`]),
    ...(sample === undefined ? [] : [`<   body    ${words(sampleText(sample))}`]),
  ]
    .map((line) => printable(line, 400))
    .flatMap((line) => traced(line, width));
}

/** What does not fit stands below it, where its words begin. */
function traced(line: string, width: number): string[] {
  if (stringWidth(line) <= width) return [line];
  const mark = /^\S {3}(?:\S+ {2,})?/.exec(line)?.[0] ?? '';
  const inset = mark === '' ? INDENT : ' '.repeat(mark.length);
  const [first = '', ...rest] = wrapWithin(line.slice(mark.length), Math.max(20, width - inset.length));
  return [`${mark}${first}`, ...rest.map((part) => `${inset}${part}`)];
}

function certificateLines(
  { subject, issuer, validFromMs, validUntilMs, untrusted, chain }: PeekedCertificate,
  protocol = 'TLS',
): Text[] {
  return [
    untrusted === undefined
      ? say('{protocol}, trusted', { protocol })
      : say('{protocol}, not trusted: {why}', { protocol, why: untrusted }),
    say('{subject}, by {issuer}, {from} to {until}', {
      subject,
      issuer,
      from: day(validFromMs),
      until: day(validUntilMs),
    }),
    ...(chain.length === 0 ? [] : [say('chain {chain}', { chain: chain.join(' < ') })]),
  ];
}

function day(atMs: number): Text | string {
  return Number.isFinite(atMs) ? new Date(atMs).toISOString().slice(0, 10) : say('no date');
}

function namesText(names: NameFacts): Text | string {
  switch (names.kind) {
    case 'addresses':
      return names.addresses.map(({ address }) => address).join(', ');
    case 'failed':
      return detailText(names.why);
    case 'not-looked-up':
      return say(names.why);
  }
}

function sampleText(sample: NonNullable<Diagnosis['sample']>): Text {
  const rate = rateOf(sample);
  const values = { size: formatSize(sample.bytes), time: ms(sample.ms) };
  if (rate === undefined) return say('{size} in {time}', values);
  return say('{size} in {time}, {rate}/s', { ...values, rate: formatSize(Math.round(rate)) });
}

function ms(duration: number): string {
  return `${Math.round(duration)} ms`;
}

const COLUMNS: readonly Column[] = [
  { title: say('MIRROR') },
  { title: say('ANSWER') },
  { title: say('FIRST BYTE'), align: 'right' },
  { title: say('RATE'), align: 'right', leaveOut: 1 },
  { title: 'TLS', leaveOut: 2 },
  { title: say('ADDRESS'), leaveOut: 3 },
];

/** What was looked at, and below it the findings with what mends them; the gravest last, where the eye is. Pure. */
export function doctorLines(examination: Examination, style: TableStyle): string[] {
  const { go, offline } = examination;
  const words = (text: Text | string): string => printable(render(text, style.table), 1000);
  const below = [
    repositoryLine(examination),
    offline === undefined ? undefined : offlineLine(offline),
  ].filter((line) => line !== undefined);
  const table = mirrorTable(examination, style);
  return [
    ...hanging(words(goLine(examination)), style),
    ...explainSettings(go.facts.values).flatMap((setting) => settingLines(setting, style)),
    ...(table.length > 0 ? ['', ...table] : []),
    ...(below.length > 0 ? ['', ...below.flatMap((line) => hanging(words(line), style))] : []),
    ...closingLines(examination, style),
  ];
}

/** Of one mirror that was asked for, which Go and the project have no part in. Pure. */
export function mirrorLines(examination: Examination, style: TableStyle): string[] {
  return ['', ...mirrorTable(examination, style), ...closingLines(examination, style)];
}

function mirrorTable({ mirrors }: Examination, style: TableStyle): string[] {
  const rows = mirrors.map((mirror) => ({
    cells: [
      { text: printable(mirror.name) },
      answerCell(mirror),
      { text: mirror.timing.firstByteMs === undefined ? '' : ms(mirror.timing.firstByteMs) },
      { text: rateText(mirror) },
      { text: mirror.timing.tls?.protocol ?? '' },
      { text: mirror.names.kind === 'addresses' ? (mirror.names.addresses[0]?.address ?? '') : '' },
    ],
    ...whyNot(mirror),
  }));
  return rows.length > 0 ? formatTable(COLUMNS, rows, style) : [];
}

function closingLines({ findings }: Examination, style: TableStyle): string[] {
  const inOrder = [...findings].sort((a, b) => Number(a.level === 'finding') - Number(b.level === 'finding'));
  const verdict = printable(render(verdictText(findings), style.table), 1000);
  return [...inOrder.flatMap((finding) => ['', ...findingLines(finding, style)]), '', verdict];
}

function goLine({ go }: Examination): Text {
  const own = go.says?.own;
  if (own === undefined) return say('go: not found');
  return say('{version} {platform}, {command}; GOROOT {goroot}; GOPATH {gopath}', {
    version: own.GOVERSION,
    platform: `${own.GOOS}/${own.GOARCH}`,
    command: go.facts.command ?? '',
    goroot: go.facts.goroot ?? go.facts.values.get('GOROOT')?.value ?? '',
    gopath: own.GOPATH,
  });
}

function settingLines({ name, value, from, means }: ExplainedSetting, style: TableStyle): string[] {
  const line = say('{setting} ({where}): {means}', {
    setting: `${name}=${value}`,
    where: whereSet(from),
    means,
  });
  const inner = { ...style, width: style.width - INDENT.length };
  return hanging(printable(render(line, style.table), 1000), inner).map((each) => `${INDENT}${each}`);
}

/** A line, and below it what does not fit, indented. */
function hanging(text: string, { width }: TableStyle): string[] {
  const [first = '', ...rest] = wrapWithin(text, Math.max(20, width - INDENT.length));
  return [first, ...rest.map((each) => `${INDENT}${each}`)];
}

function whereSet(from: ExplainedSetting['from']): Text | string {
  switch (from) {
    case 'environment':
      return say('the environment');
    case 'default':
      return say('default');
    case 'go env -w':
    case 'GOROOT/go.env':
      return from;
  }
}

const INDENT = '    ';

/** What the repository of a module said, where go would ask one. */
function repositoryLine({ direct }: Examination): Text | undefined {
  if (direct?.answer?.kind !== 'has') return undefined;
  const { sample, mirrors, answer } = direct;
  const same = mirrors.filter(({ h1 }) => h1 === answer.h1).map(({ name }) => name);
  return same.length === 0
    ? say('direct: {sample} came from its own repository', { sample })
    : say('direct: {sample} came from its own repository, and is the same at {mirrors}', {
        sample,
        mirrors: same.join(', '),
      });
}

function offlineLine({ needed, lacking }: NonNullable<Examination['offline']>): Text {
  if (lacking === 0) return say('offline: the copy has all {needed} files that go.sum names', { needed });
  return say('offline: the copy has {held} of {files} that go.sum names; for the rest: rondo sync', {
    held: needed - lacking,
    files: many(needed, '{count} file', '{count} files'),
  });
}

function verdictText(findings: readonly Finding[]): Text {
  const count = findings.filter(({ level }) => level === 'finding').length;
  const others = findings.length - count;
  return listed([
    count === 0 ? say('all is well') : many(count, '{count} finding', '{count} findings'),
    ...(others === 0 ? [] : [many(others, '{count} note', '{count} notes')]),
  ]);
}

function findingLines({ level, what, evidence, fix }: Finding, { width, table }: TableStyle): string[] {
  const words = (text: Text | string): string => printable(render(text, table), 1000);
  const room = Math.max(20, width - INDENT.length);
  const below = (text: Text | string): string[] =>
    wrapWithin(words(text), room).map((line) => `${INDENT}${line}`);
  return [
    ...wrapWithin(words(headline(level, what)), Math.max(20, width)),
    ...evidence.flatMap(below),
    ...(fix === undefined ? [] : below(say('fix: {fix}', { fix }))),
  ];
}

/** A word beside the mark: what the verdict counts. */
function headline(level: Finding['level'], what: Text | string): Text {
  return level === 'finding' ? say('! finding: {what}', { what }) : say('- note: {what}', { what });
}

function answerCell({ outcome }: Diagnosis): Cell {
  if (outcome.class === 'ok') return { text: say('works'), paint: 'green' };
  if (outcome.cause === 'not-found') return { text: say('reachable'), paint: 'green' };
  return { text: say('failed'), paint: 'red' };
}

/** What the failure was, in words. */
function whyNot({ outcome }: Diagnosis): Pick<Row, 'notes'> {
  if (outcome.class === 'ok' || outcome.cause === 'not-found') return {};
  return { notes: [{ text: causeWords(outcome.cause)?.words ?? outcome.cause }] };
}

function rateText({ sample }: Diagnosis): string {
  const rate = rateOf(sample);
  return rate === undefined ? '' : `${formatSize(Math.round(rate))}/s`;
}
