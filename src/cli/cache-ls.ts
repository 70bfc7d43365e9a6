import { matchPrefixPatterns } from '../gomod/path-patterns.ts';
import { formatSize } from '../kit/size.ts';
import { listCopy, type HeldFile, type HeldVersion } from '../upkeep/list-copy.ts';
import type { CliContext } from './context.ts';
import { withCopy } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { jsonText } from './json-text.ts';
import { formatSpan } from './span.ts';
import { formatTable, type Column, type TableStyle } from './table.ts';
import { many, say, type Text } from '../words/text.ts';

const COLUMNS: readonly Column[] = [
  { title: say('MODULE') },
  { title: say('VERSION'), below: true },
  { title: say('SIZE'), align: 'right' },
  { title: say('ASKED FOR'), align: 'right', leaveOut: 1 },
  { title: say('FILES'), leaveOut: 3 },
  { title: say('VERIFIED'), leaveOut: 2 },
  { title: say('MIRROR'), leaveOut: 4 },
];

/**
 * `rondo cache ls [MODULE…]`: the versions in the copy, on stdout; how many and how large, on stderr. MODULE is a
 * path or a pattern as in GOPRIVATE: what is below it is meant as well; `@VERSION` may stand behind it. `--sort last` puts those first that nobody has
 * asked for longest, as `cache gc` gives them up. Resolves with 0, with 1 where nothing
 * matches what was asked for.
 * @throws RondoError as withCopy does
 */
export async function cacheLs(words: readonly string[], flags: Flags, context: CliContext): Promise<number> {
  const wanted = words.map(wordOf);
  const order = flags.sort ?? 'name';
  return withCopy(
    {
      flags,
      offline: true,
      doing: say('listing'),
      startsOver: true,
      work: async ({ work }) => {
        const held = await listCopy(
          work,
          (module) => words.length === 0 || wanted.some((word) => matchPrefixPatterns(word.pattern, module)),
          order,
        );
        return words.length === 0 ? held : held.filter((each) => wanted.some((word) => isMeant(word, each)));
      },
      report(held) {
        for (const word of wanted) {
          if (!held.some((each) => isMeant(word, each))) context.warn(noMatch(word));
        }
        tell(held, flags, context);
        return held.length === 0 && words.length > 0 ? EXIT.findings : EXIT.ok;
      },
    },
    context,
  );
}

type Word = { readonly text: string; readonly pattern: string; readonly version: string | undefined };

function noMatch({ text }: Word): Text {
  return say(
    '{word}: nothing in the copy matches; a module is named by its whole path, the beginning of it, or a pattern as in GOPRIVATE',
    { word: text },
  );
}

function wordOf(text: string): Word {
  const [pattern = '', version] = text.split('@', 2);
  return { text, pattern, version };
}

function isMeant({ pattern, version }: Word, held: HeldVersion): boolean {
  return matchPrefixPatterns(pattern, held.module) && (version === undefined || version === held.version);
}

function tell(held: readonly HeldVersion[], flags: Flags, context: CliContext): void {
  const sizeBytes = held.reduce((sum, version) => sum + version.sizeBytes, 0);
  if (flags.json === true) {
    context.data(jsonText({ version: 1, sizeBytes, versions: held }));
  } else if (held.length > 0) {
    const nowMs = context.clock.wallMs();
    context.data(`${copyTable(held, nowMs, context.screen('stdout')).join('\n')}\n`);
  }
  context.tell(
    many(held.length, '{count} version, {size}', '{count} versions, {size}', { size: formatSize(sizeBytes) }),
  );
}

/** The versions of the copy, a row each. Pure. */
export function copyTable(held: readonly HeldVersion[], nowMs: number, style: TableStyle): string[] {
  const rows = held.map((version) => ({ cells: cellsOf(version, nowMs).map((text) => ({ text })) }));
  return formatTable(COLUMNS, rows, style);
}

function cellsOf(
  { module, version, sizeBytes, requestedAt, files }: HeldVersion,
  nowMs: number,
): (Text | string)[] {
  const asked = requestedAt === undefined ? '-' : agoWords(nowMs - requestedAt);
  const kinds = (['info', 'mod', 'zip'] as const).filter((kind) => files[kind] !== undefined);
  const mirrors = new Set(Object.values(files).flatMap(({ mirror }) => mirror ?? []));
  const { mod, zip } = files;
  return [
    module,
    version,
    formatSize(sizeBytes),
    asked,
    kinds.join(' '),
    verifiedWords(mod, zip),
    [...mirrors].join(', '),
  ];
}

function agoWords(ms: number): Text {
  return ms < 60_000 ? say('just now') : say('{span} ago', { span: formatSpan(ms) });
}

/** The weaker of the two that have a hash. */
function verifiedWords(...files: readonly (HeldFile | undefined)[]): Text | string {
  const found = files.flatMap((file) => file?.verified ?? []);
  if (found.includes('unproven')) return say('not yet');
  if (found.includes('first-use')) return say('first use');
  return found.length === 0 ? '-' : say('database');
}
