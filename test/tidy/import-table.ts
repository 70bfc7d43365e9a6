import type { Finding } from './finding.ts';
import { type Import, importsOf } from './imports.ts';
import type { Room } from './rules.ts';
import { isTest, type Source } from './source.ts';

/** The room of a file of src/: its folder, or its own name for src/app.ts and src/main.ts. dashboard/ is one too. */
export function roomOf(path: string): string | undefined {
  return /^(?:src\/(?:([^/]+)\/|([^/]+)\.ts$)|(dashboard)\/)/.exec(path)?.slice(1).find(Boolean);
}

/** Whether `target` lies in one of `places`: a room, or a file of one without its ending. */
function isIn(target: string, places: readonly string[]): boolean {
  return places.some((place) => roomOf(target) === place || target === `src/${place}.ts`);
}

function judge(
  path: string,
  use: Import & { target: string },
  rooms: Record<string, Room>,
): string | undefined {
  const room = roomOf(path);
  const other = roomOf(use.target);
  if (room === undefined) return undefined;
  if (other === undefined) {
    if (isTest(path) && use.target.startsWith('test/')) return undefined;
    if (use.target === 'package.json' && ['app', 'cli'].includes(room)) return undefined;
    return `src/ may not import ${use.target}, which lies outside it`;
  }
  if (isTest(use.target)) return `nothing may import the test ${use.target}`;
  if (other === room) return undefined;
  const { may = [], types = [] } = rooms[room] ?? {};
  if (isIn(use.target, may)) return undefined;
  if (isIn(use.target, types))
    return use.typeOnly ? undefined : `${room} may use only types of ${other}: write \`import type\``;
  const allowed = [...may, ...types.map((name) => `types of ${name}`)].join(', ') || 'nothing';
  return `${room} may not import ${other} (it may: ${allowed}): pass it in as a parameter, or move the code; the table is ROOMS in test/tidy/rules.ts`;
}

/** Finds imports between rooms that the table does not allow, and folders of src/ that are no room. */
export function checkImportTable(
  sources: readonly Source[],
  rooms: Readonly<Record<string, Room>>,
): { findings: Finding[]; importsSeen: number } {
  const findings: Finding[] = [];
  let importsSeen = 0;
  for (const source of sources) {
    const room = roomOf(source.path);
    if (room !== undefined && rooms[room] === undefined) {
      const message = `src/${room} is no room: add it to ROOMS in test/tidy/rules.ts, with an ADR`;
      findings.push({ file: source.path, line: 1, rule: 'import-table', message });
      continue;
    }
    for (const use of importsOf(source)) {
      importsSeen += 1;
      if (use.target === undefined) continue;
      const message = judge(source.path, { ...use, target: use.target }, rooms);
      if (message !== undefined)
        findings.push({ file: source.path, line: use.line, rule: 'import-table', message });
    }
  }
  return { findings, importsSeen };
}
