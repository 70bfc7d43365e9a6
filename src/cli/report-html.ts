import type { Text } from '../words/text.ts';

/** Renders words in the language of the page, escaped. */
export type Words = (text: Text | string) => string;

/** Text as HTML, within an attribute too. Pure. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A table whose heads and cells are HTML; where the window is too narrow it scrolls, by keyboard too. Pure. */
export function tableHtml(label: string, heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((each) => `<th scope="col">${each}</th>`).join('');
  return `<div class="wide" tabindex="0" role="group" aria-label="${label}"><table><thead><tr>${head}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table></div>`;
}
