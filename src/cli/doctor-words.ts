import { printable } from '../config/quote.ts';
import type { Diagnosis } from '../diagnose-mirrors.ts';
import { hopLine, type NameFacts } from '../doctor/check-mirror.ts';
import type { Finding } from '../doctor/finding.ts';
import { formatSize } from '../kit/size.ts';
import type { PeekedCertificate } from '../upstream/peek-certificate.ts';
import { counted } from './counted.ts';
import type { Examination } from './doctor.ts';
import { formatTable, type Cell, type TableStyle } from './table.ts';
import { wrapWords } from './text-width.ts';

/** The phases of one mirror, as `curl -v` shows them: `*` what happened, `<` what came. Pure. */
export function traceLines({
  name,
  url,
  names,
  hostsLine,
  certificate,
  hops,
  timing,
  outcome,
  sample,
}: Diagnosis): string[] {
  const tls = certificate === undefined ? [] : certificateLines(certificate, timing.tls?.protocol);
  return [
    `* ${name}  ${url}`,
    ...(hostsLine === undefined ? [] : [`*   hosts   ${hostsLine}`]),
    `*   DNS     ${namesText(names)}`,
    ...(timing.connectMs === undefined ? [] : [`*   TCP     connected after ${ms(timing.connectMs)}`]),
    ...tls.map((line) => `*   TLS     ${line}`),
    ...(timing.tlsMs === undefined ? [] : [`*   TLS     secured after ${ms(timing.tlsMs)}`]),
    ...hops.map((hop) => `<   ${hopLine(hop)}`),
    ...(timing.firstByteMs === undefined ? [] : [`<   first byte after ${ms(timing.firstByteMs)}`]),
    ...(outcome.class === 'ok' ? [] : [`*   ${outcome.detail}`]),
    ...(sample === undefined ? [] : [`<   body    ${sampleText(sample)}`]),
  ].map((line) => printable(line, 400));
}

function certificateLines(
  { subject, issuer, validFromMs, validUntilMs, untrusted }: PeekedCertificate,
  protocol = 'TLS',
): string[] {
  const trust = untrusted === undefined ? 'trusted' : `not trusted: ${untrusted}`;
  return [`${protocol}, ${trust}`, `${subject}, by ${issuer}, ${day(validFromMs)} to ${day(validUntilMs)}`];
}

function day(atMs: number): string {
  return Number.isFinite(atMs) ? new Date(atMs).toISOString().slice(0, 10) : 'no date';
}

function namesText(names: NameFacts): string {
  switch (names.kind) {
    case 'addresses':
      return names.addresses.map(({ address }) => address).join(', ');
    case 'failed':
    case 'not-looked-up':
      return names.why;
  }
}

function sampleText({ bytes, ms: took }: NonNullable<Diagnosis['sample']>): string {
  const rate = took <= 0 ? '' : `, ${formatSize(Math.round((bytes * 1000) / took))}/s`;
  return `${formatSize(bytes)} in ${ms(took)}${rate}`;
}

function ms(duration: number): string {
  return `${Math.round(duration)} ms`;
}

const COLUMNS = [
  { title: 'MIRROR' },
  { title: 'ANSWER' },
  { title: 'FIRST BYTE', align: 'right' },
  { title: 'RATE', align: 'right', leaveOut: 1 },
  { title: 'TLS', leaveOut: 2 },
  { title: 'ADDRESS', leaveOut: 3 },
] as const;

/** What was looked at, and below it the findings with what mends them; the gravest last, where the eye is. Pure. */
export function doctorLines({ go, mirrors, offline, findings }: Examination, style: TableStyle): string[] {
  const own = go.says?.own;
  const goLine =
    own === undefined
      ? 'go: not found'
      : `${own.GOVERSION} ${own.GOOS}/${own.GOARCH}, ${go.facts.command ?? ''}; GOPATH ${own.GOPATH}`;
  const rows = mirrors.map((mirror) => ({
    cells: [
      { text: printable(mirror.name) },
      answerCell(mirror),
      { text: mirror.timing.firstByteMs === undefined ? '' : ms(mirror.timing.firstByteMs) },
      { text: rateText(mirror) },
      { text: mirror.timing.tls?.protocol ?? '' },
      { text: mirror.names.kind === 'addresses' ? (mirror.names.addresses[0]?.address ?? '') : '' },
    ],
  }));
  const held = offline === undefined ? [] : [offlineLine(offline)];
  const inOrder = [...findings].sort((a, b) => Number(a.level === 'finding') - Number(b.level === 'finding'));
  return [
    printable(goLine, 400),
    ...(rows.length > 0 ? ['', ...formatTable(COLUMNS, rows, style)] : []),
    ...(held.length > 0 ? ['', ...held] : []),
    ...inOrder.flatMap((finding) => ['', ...findingLines(finding, style)]),
    '',
    verdictLine(findings),
  ];
}

function offlineLine({ needed, lacking }: NonNullable<Examination['offline']>): string {
  if (lacking === 0) return `offline: the copy has all ${needed} files that go.sum names`;
  return `offline: the copy has ${needed - lacking} of ${counted(needed, 'file')} that go.sum names; for the rest: rondo sync`;
}

function verdictLine(findings: readonly Finding[]): string {
  const count = findings.filter(({ level }) => level === 'finding').length;
  return count === 0 ? 'all is well' : counted(count, 'finding');
}

function findingLines({ level, what, evidence, fix }: Finding, { width }: TableStyle): string[] {
  const indent = '    ';
  const room = Math.max(20, width - indent.length);
  const below = (text: string): string[] =>
    wrapWords(printable(text, 1000), room).map((line) => `${indent}${line}`);
  return [
    ...wrapWords(`${level === 'finding' ? '!' : '-'} ${printable(what, 400)}`, Math.max(20, width)),
    ...evidence.flatMap(below),
    ...(fix === undefined ? [] : below(`fix: ${fix}`)),
  ];
}

function answerCell({ outcome }: Diagnosis): Cell {
  if (outcome.class === 'ok') return { text: 'works', paint: 'green' };
  if (outcome.cause === 'not-found') return { text: 'reachable', paint: 'green' };
  return { text: outcome.cause, paint: 'red' };
}

function rateText({ sample }: Diagnosis): string {
  return sample === undefined || sample.ms <= 0
    ? ''
    : `${formatSize(Math.round((sample.bytes * 1000) / sample.ms))}/s`;
}
