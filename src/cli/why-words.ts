import { printable } from '../config/quote.ts';
import type { DirectFact, DirectNotHad, Finding, NotHad, VersionFacts } from '../inquiry/facts.ts';
import { detailText } from '../words/detail-text.ts';
import { listed, say, type Text } from '../words/text.ts';
import { noMirrorWords, privateWords } from './route-words.ts';
import { formatTable, type Cell, type Column, type Row, type TableStyle } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: say('WHO') },
  { title: say('HAS IT'), below: true },
  { title: 'GO.MOD' },
  { title: 'ZIP' },
  { title: say('COMMIT'), leaveOut: 1 },
];

/** What everybody has, a row each. Hashes are compared with the database's, or shown where there is none. Pure. */
export function whyTable(facts: VersionFacts, style: TableStyle): string[] {
  const { database, goSum, direct, mirrors } = facts;
  const right = database.kind === 'known' ? database : undefined;
  const hash = (h1: string | undefined, expected: string | undefined): Cell => {
    if (h1 === undefined) return { text: '' };
    if (expected === undefined) return { text: short(h1) };
    return h1 === expected ? { text: say('right'), paint: 'green' } : { text: short(h1), paint: 'red' };
  };
  const rows: Row[] = [
    ...mirrors.map((mirror) => ({
      cells: [
        { text: printable(mirror.name) },
        mirrorCell(mirror),
        hash(mirror.kind === 'has' ? mirror.mod : undefined, right?.mod),
        hash(mirror.kind === 'has' ? mirror.zip : undefined, right?.zip),
        { text: mirror.kind === 'has' ? shortCommit(mirror.commit) : '' },
      ],
      ...notesOf(mirror),
    })),
    {
      cells: [{ text: say('its repository') }, directCell(direct), NONE, NONE, { text: commitOf(direct) }],
      ...directNotes(direct),
    },
    {
      cells: [
        { text: say('checksum database') },
        databaseCell(facts),
        hash(right?.mod, undefined),
        hash(right?.zip, undefined),
        NONE,
      ],
    },
    {
      cells: [
        { text: 'go.sum' },
        goSum.mod === undefined && goSum.zip === undefined
          ? { text: say('no'), paint: 'dim' }
          : { text: say('yes') },
        hash(goSum.mod, right?.mod),
        hash(goSum.zip, right?.zip),
        NONE,
      ],
    },
  ];
  return formatTable(COLUMNS, rows, style);
}

const NONE: Cell = { text: '' };

/** Whether a mirror has it. */
export function mirrorCell(mirror: { readonly kind: 'has' } | NotHad): Cell {
  switch (mirror.kind) {
    case 'has':
      return { text: say('yes'), paint: 'green' };
    case 'not-there':
      return { text: say('no'), paint: 'yellow' };
    case 'refused':
      return { text: say('refuses ({status})', { status: mirror.status }), paint: 'yellow' };
    case 'failed':
      return { text: say('fails'), paint: 'red' };
    case 'not-asked':
      return { text: say('not asked'), paint: 'dim' };
  }
}

/** Why somebody gave nothing: our own words, or those of others made harmless. Pure. */
export function reasonText(why: Text | string): Text | string {
  return typeof why === 'string' ? detailText(printable(why)) : why;
}

/** The words of a mirror that has it not. */
export function notesOf(mirror: { readonly kind: 'has' } | NotHad): Pick<Row, 'notes'> {
  if (mirror.kind === 'failed') return { notes: [{ text: reasonText(mirror.why) }] };
  return (mirror.kind === 'not-there' || mirror.kind === 'refused') && mirror.words !== undefined
    ? { notes: [{ text: printable(mirror.words), paint: 'dim' }] }
    : {};
}

/** The words of go where its repository has it not. */
export function directNotes(direct: { readonly kind: 'has' } | DirectNotHad): Pick<Row, 'notes'> {
  if (direct.kind === 'failed') return { notes: [{ text: reasonText(direct.why) }] };
  return direct.kind === 'not-there' ? { notes: [{ text: printable(direct.words), paint: 'dim' }] } : {};
}

/** Whether its own repository has it. */
export function directCell(direct: { readonly kind: 'has' } | DirectNotHad): Cell {
  switch (direct.kind) {
    case 'has':
      return { text: say('yes'), paint: 'green' };
    case 'not-there':
      return { text: say('no'), paint: 'yellow' };
    case 'login':
      return { text: say('asks for a login'), paint: 'yellow' };
    case 'failed':
      return { text: say('fails'), paint: 'red' };
    case 'not-asked':
      return {
        text:
          direct.why === 'there is no go'
            ? say('not asked: there is no go')
            : say('not asked: {why}', { why: direct.why }),
        paint: 'dim',
      };
  }
}

function databaseCell({ database }: VersionFacts): Cell {
  switch (database.kind) {
    case 'known':
      return { text: say('yes'), paint: 'green' };
    case 'absent':
      return { text: say('no'), paint: 'yellow' };
    case 'exempt':
      return { text: say('not asked: GONOSUMDB, GOPRIVATE or GOSUMDB'), paint: 'dim' };
    case 'unreachable':
    case 'untrusted':
      return { text: say('fails'), paint: 'red' };
  }
}

function whyOf(database: VersionFacts['database']): string {
  return 'why' in database ? printable(database.why, 300) : '';
}

function commitOf(direct: DirectFact): string {
  return direct.kind === 'has' ? shortCommit(direct.commit) : '';
}

function short(h1: string): string {
  return `${printable(h1).slice(0, 11)}…`;
}

function shortCommit(commit = ''): string {
  return printable(commit).slice(0, 12);
}

/** So many are named; a chain has rarely more. */
const MOST_NAMES = 20;

/** Mirrors by their names, in a row. Pure. */
export function namesText(names: readonly string[]): Text {
  return listed(names.slice(0, MOST_NAMES).map((name) => printable(name)));
}

/** What the findings mean and what helps, in lines. Pure. */
export function whyLines(facts: VersionFacts, findings: readonly Finding[]): Text[] {
  const { module, version, database } = facts;
  const name = `${module}@${version}`;
  // Of what is not there, or made up, that is a part of the verdict.
  const isSaid = findings.some(({ kind }) => kind === 'not-there' || kind === 'invented');
  return [
    ...findings.flatMap(({ kind, mirrors }) => linesOf(kind, namesText(mirrors), facts)),
    ...(database.kind === 'absent' && !isSaid
      ? [
          say('the checksum database has no {name}: go takes it only where GONOSUMDB or GOPRIVATE names it', {
            name,
          }),
        ]
      : []),
  ];
}

/** That mirrors do not give it, and what the one that says most says of it. Pure. */
export function refusal(who: Text, mirrors: readonly ({ readonly kind: 'has' } | NotHad)[]): Text {
  const words = mirrors.flatMap((each) => (each.kind === 'refused' ? (each.words ?? []) : []))[0];
  return words === undefined
    ? say('{who} refuses to serve it', { who })
    : say('{who} refuses to serve it: {words}', { who, words: printable(words) });
}

// tidy: long because it is a table of what is said.
function linesOf(kind: Finding['kind'], who: Text, facts: VersionFacts): Text[] {
  const { module, version, direct, database, mirrors } = facts;
  const name = `${module}@${version}`;
  switch (kind) {
    case 'private':
      return privateWords(facts);
    case 'no-mirror':
      return noMirrorWords(module);
    case 'lies':
      return [
        say('other content than the checksum database has: {who}', { who }),
        say('Rondo never passes it on; tell whoever runs the mirror, or take it out of the chain'),
      ];
    case 'mirrors-differ':
      return [
        say('mirrors have different content, and no checksum database vouches for any of it: {who}', { who }),
        say('ask who publishes the module which one is right; its tag may have been moved'),
      ];
    case 'tag-moved':
      return [
        say('the tag was moved: the repository has another commit now than {who}', { who }),
        say('what was published first is what everybody builds; a new version is the way to change it'),
      ];
    case 'go-sum-differs':
      return [
        say(
          'go.sum has another hash than everybody else: the tag was moved before it was published, or go.sum was made from a private build',
        ),
        say('to take what is published: remove the lines of {name} from go.sum, then: go mod tidy', { name }),
      ];
    case 'lags':
      return [
        say('not yet, or not any more, at {who}', { who }),
        say('Rondo asks the others by itself; a mirror that lags has new versions minutes or hours later'),
      ];
    case 'invented':
      return [
        say(
          'a version that nobody has published: neither its repository nor the checksum database knows the commit; made up by {who}',
          { who },
        ),
        say('to use a commit that is there: go get {module}@COMMIT', { module }),
      ];
    case 'refused':
      return [
        refusal(who, mirrors),
        say('add a mirror that carries it, or the credentials that this one asks for'),
      ];
    case 'failed':
      return [say('no answer from {who}', { who }), say('to see what is wrong there: rondo doctor')];
    case 'database-failed':
      return [
        say('the checksum database did not answer, so nothing vouches for what there is: {why}', {
          why: whyOf(database),
        }),
        say('try again later; rondo doctor says whether a mirror passes it on'),
      ];
    case 'database-untrusted':
      return [
        say('the checksum database contradicts itself, and nothing that it says is taken: {why}', {
          why: whyOf(database),
        }),
        say('do not build; keep this output: it belongs to the operators of the database'),
      ];
    case 'only-direct':
      return [
        direct.kind === 'has'
          ? say('only its repository has it: GOPROXY with ,direct at its end lets go fetch it there')
          : say(
              'it was published, and nobody has it any more: a copy or a vendor folder of somebody who built it is what is left',
            ),
      ];
    case 'not-there':
      return [
        database.kind === 'absent'
          ? say('there is no {name}: no mirror, no repository and no checksum database has it', { name })
          : say('there is no {name}: no mirror and no repository has it', { name }),
        say('to see which versions there are: go list -m -versions {module}', { module }),
      ];
    case 'well':
      return [say('all is well with {name}: everybody has the same', { name })];
  }
}
