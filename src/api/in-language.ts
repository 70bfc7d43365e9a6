import type { Incident } from '../history/incidents.ts';
import { causeWords } from '../upstream/explain-cause.ts';
import { detailText } from '../words/detail-text.ts';
import { render, type Table } from '../words/render.ts';
import { standingText } from '../words/standing-text.ts';
import type { HistoryAnswer, MirrorFailure, MirrorsAnswer } from './answers.ts';

/** The mirrors in the language of `table`, English without one: states, names and causes stay as they are. Pure. */
export function mirrorsIn(page: MirrorsAnswer, table: Table | undefined): MirrorsAnswer {
  if (table === undefined) return page;
  const mirrors = page.mirrors.map(({ why, next, lastFailure, ...rest }) => ({
    ...rest,
    why: render(standingText(why), table),
    next: { ...next, words: render(standingText(next.words), table) },
    ...(lastFailure === undefined ? {} : { lastFailure: failureIn(lastFailure, table) }),
  }));
  return { ...page, mirrors };
}

function failureIn(failure: MirrorFailure, table: Table): MirrorFailure {
  const { cause, detail, explanation } = failure;
  const known = causeWords(cause);
  const words =
    known === undefined ? {} : { words: render(known.words, table), whoMends: render(known.whoMends, table) };
  return {
    ...failure,
    detail: render(detailText(detail), table),
    explanation: { ...explanation, ...words },
  };
}

/** An incident in that language. Pure. */
export function incidentIn(incident: Incident, table: Table | undefined): Incident {
  return table === undefined ? incident : { ...incident, why: render(standingText(incident.why), table) };
}

/** The history in that language. Pure. */
export function historyIn(page: HistoryAnswer, table: Table | undefined): HistoryAnswer {
  return { ...page, incidents: page.incidents.map((incident) => incidentIn(incident, table)) };
}
