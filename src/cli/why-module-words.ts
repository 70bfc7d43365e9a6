import { printable } from '../config/quote.ts';
import type { CountedList, ModuleFacts, ModuleFinding } from '../inquiry/module-facts.ts';
import { say, type Text } from '../words/text.ts';
import { noMirrorWords, privateWords } from './route-words.ts';
import { formatTable, type Cell, type Column, type Row, type TableStyle } from './table.ts';
import { directCell, directNotes, mirrorCell, namesText, notesOf, reasonText, refusal } from './why-words.ts';

const COLUMNS: readonly Column[] = [
  { title: say('WHO') },
  { title: say('HAS IT'), below: true },
  { title: say('VERSIONS'), align: 'right' },
  { title: say('LACKS'), align: 'right', leaveOut: 2 },
  { title: say('NEWEST'), below: true },
  { title: '@LATEST', leaveOut: 1 },
];

/** What everybody lists of a module, a row each. Pure. */
export function moduleTable({ mirrors, direct }: ModuleFacts, style: TableStyle): string[] {
  const rows: Row[] = [
    ...mirrors.map((mirror) => ({
      cells: [{ text: printable(mirror.name) }, mirrorCell(mirror), ...listCells(mirror)],
      ...(mirror.kind === 'has' ? troubleOf(mirror) : notesOf(mirror)),
    })),
    {
      cells: [{ text: say('its repository') }, directCell(direct), ...listCells(direct)],
      ...directNotes(direct),
    },
  ];
  return formatTable(COLUMNS, rows, style);
}

function troubleOf({ trouble }: CountedList): Pick<Row, 'notes'> {
  return trouble === undefined ? {} : { notes: [{ text: reasonText(trouble) }] };
}

function listCells(list: CountedList | { readonly kind: string }): Cell[] {
  if (!('standing' in list)) return [];
  const { versions, lacks, newest = '', latest = '', standing } = list;
  return [
    { text: `${versions}` },
    lacks === 0 ? { text: '' } : { text: `${lacks}`, paint: 'yellow' },
    { text: printable(newest, 80), ...paintOf(standing) },
    { text: printable(latest, 80) },
  ];
}

function paintOf(standing: CountedList['standing']): Pick<Cell, 'paint'> {
  switch (standing) {
    case 'same':
      return { paint: 'green' };
    case 'behind':
      return { paint: 'yellow' };
    case 'ahead':
      return { paint: 'red' };
    case 'unknown':
      return {};
  }
}

/** What the findings mean and what helps, in lines. Pure. */
export function moduleLines(facts: ModuleFacts, findings: readonly ModuleFinding[]): Text[] {
  return findings.flatMap(({ kind, mirrors }) => linesOf(kind, namesText(mirrors), facts, mirrors));
}

function linesOf(
  kind: ModuleFinding['kind'],
  who: Text,
  facts: ModuleFacts,
  names: readonly string[],
): Text[] {
  const { module, newest, direct } = facts;
  switch (kind) {
    case 'private':
      return privateWords(facts);
    case 'no-mirror':
      return noMirrorWords(module);
    case 'lags':
      return [
        newest === undefined
          ? say('versions that are there are lacking at {who}', { who })
          : say('versions that are there are lacking at {who}; the newest one is {newest}', { who, newest }),
        say('Rondo asks the others by itself; a mirror that lags has new versions minutes or hours later'),
      ];
    case 'ahead': {
      const version = facts.mirrors.flatMap((each) =>
        each.kind === 'has' && each.name === names[0] ? (each.newest ?? []) : [],
      )[0];
      return [
        say(
          'nobody confirms the newest version of {who}: no other mirror, not its repository, not the checksum database',
          { who },
        ),
        say('to look at that version: rondo why {name}', { name: `${module}@${version ?? ''}` }),
      ];
    }
    case 'refused':
      return [
        refusal(who, facts.mirrors),
        say('add a mirror that carries it, or the credentials that this one asks for'),
      ];
    case 'failed':
      return [say('no answer from {who}', { who }), say('to see what is wrong there: rondo doctor')];
    case 'only-direct':
      return [say('only its repository has it: GOPROXY with ,direct at its end lets go fetch it there')];
    case 'not-there':
      return [
        direct.kind === 'not-there'
          ? say('there is no module {module}: no mirror and no repository has a version of it', { module })
          : say('no mirror has a version of {module}, and its repository gave no answer', { module }),
        say('check its path: it begins with a host, and ends with /v2 and so on from version 2 on'),
      ];
    case 'well':
      return [
        newest === undefined
          ? say('all is well with {module}: nobody contradicts', { module })
          : say('all is well with {module}: everybody has {newest}, the newest one', { module, newest }),
      ];
  }
}
