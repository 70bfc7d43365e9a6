import type { ChecksumDatabase, DatabaseAnswer } from './checksum-database.ts';
import { noteSigner } from './signed-note.ts';
import { parseTilePath } from './transparency-log.ts';

/** One way in which a checksum database, or whoever passes it on, does not tell the truth. */
export type DatabaseLie = {
  /** Regular expression for the paths that it is about; all paths that it can be about where absent. */
  readonly match?: string;
} & (
  | { readonly kind: 'status'; readonly status: number }
  /** The record has other hashes than the log: its number and tree are the true ones. */
  | { readonly kind: 'wrong-record'; readonly zipH1: string; readonly modH1: string }
  /** The whole answer, proof and all, of another lookup: `example.com/m@v1.0.0`. */
  | { readonly kind: 'other-record'; readonly of: string }
  /** The record claims another number. */
  | { readonly kind: 'wrong-number'; readonly number: number }
  /** One bit of a tile of hashes. */
  | { readonly kind: 'wrong-tile' }
  /** A tile of another width than was asked for, in hashes. */
  | { readonly kind: 'tile-width'; readonly by: number }
  /** The true tree of an earlier day. */
  | { readonly kind: 'stale-head'; readonly size: number }
  | { readonly kind: 'bad-signature' }
  /** Signed by another key under the same name. */
  | { readonly kind: 'unknown-key' }
  /** Partial tiles are 404 where the complete one exists, as a server may that keeps no others. */
  | { readonly kind: 'only-full-tiles' }
);

/** What is answered for `path` where `truth` is the truth. */
export function spoilAnswer(
  truth: DatabaseAnswer,
  lie: DatabaseLie,
  path: string,
  database: ChecksumDatabase,
): DatabaseAnswer {
  if (lie.match !== undefined && !new RegExp(lie.match).test(path)) return truth;
  if (lie.kind === 'status') return { ...truth, status: lie.status, body: Buffer.from('as it was told\n') };
  if (truth.status !== 200) return truth;
  if (path.startsWith('/tile/')) return spoilTile(truth, lie, path, database);
  if (path.startsWith('/lookup/')) return spoilLookup(truth, lie, database);
  return path === '/latest'
    ? { ...truth, body: Buffer.from(spoilNote(truth.body.toString(), lie, database)) }
    : truth;
}

function spoilTile(
  truth: DatabaseAnswer,
  lie: DatabaseLie,
  path: string,
  database: ChecksumDatabase,
): DatabaseAnswer {
  const tile = parseTilePath(path.slice(1));
  if (tile === undefined || tile.level === 'data') return truth;
  switch (lie.kind) {
    case 'wrong-tile': {
      const body = Buffer.from(truth.body);
      body[body.length - 1] = (body.at(-1) ?? 0) ^ 1;
      return { ...truth, body };
    }
    case 'tile-width':
      return {
        ...truth,
        body:
          lie.by < 0
            ? truth.body.subarray(0, truth.body.length + lie.by * 32)
            : Buffer.concat([truth.body, Buffer.alloc(lie.by * 32)]),
      };
    case 'only-full-tiles': {
      const isComplete = (tile.offset + 1) * 2 ** (tile.height * (tile.level + 1)) <= database.size;
      const isPartial = tile.width < 2 ** tile.height;
      return isPartial && isComplete ? { ...truth, status: 404, body: Buffer.from('not found\n') } : truth;
    }
    default:
      return truth;
  }
}

function spoilLookup(truth: DatabaseAnswer, lie: DatabaseLie, database: ChecksumDatabase): DatabaseAnswer {
  const text = truth.body.toString();
  const end = text.indexOf('\n\n') + 2;
  const [number = '', ...lines] = text.slice(0, end - 2).split('\n');
  const answer = (id: string, record: readonly string[], note: string): DatabaseAnswer => ({
    ...truth,
    body: Buffer.from(`${id}\n${record.join('\n')}\n\n${note}`),
  });
  const note = text.slice(end);
  switch (lie.kind) {
    case 'wrong-record':
      return answer(
        number,
        lines.map((line) => line.replace(/h1:.*/, line.includes('/go.mod h1:') ? lie.modH1 : lie.zipH1)),
        note,
      );
    case 'other-record': {
      const honest = database.copy();
      honest.lie();
      return honest.answer(`/lookup/${lie.of}`);
    }
    case 'wrong-number':
      return answer(String(lie.number), lines, note);
    default:
      return answer(number, lines, spoilNote(note, lie, database));
  }
}

function spoilNote(note: string, lie: DatabaseLie, database: ChecksumDatabase): string {
  switch (lie.kind) {
    case 'stale-head':
      return database.treeHead(Math.min(lie.size, database.size));
    case 'bad-signature':
      return note.replace(
        /(.)(.{8})\n$/,
        (_, letter: string, rest: string) => `${letter === 'A' ? 'B' : 'A'}${rest}\n`,
      );
    case 'unknown-key':
      return noteSigner(database.name, 'impostor').sign(note.slice(0, note.indexOf('\n\n') + 1));
    default:
      return note;
  }
}
