import { fieldsOf } from './fields.ts';
import { isPseudoVersion } from './pseudo-version.ts';
import { isValid } from './semver.ts';

/**
 * The lines of a mirror's version list that a GOPROXY publishes: valid versions that are not
 * pseudo-versions, in the mirror's order, each with its time if it had one (spec protocol.md, "Endpoints";
 * modfetch.proxyRepo.Versions ignores the others too). From a mirror: hostile.
 */
export function publishedLines(text: string): string {
  let published = '';
  for (const line of text.split('\n')) {
    const fields = fieldsOf(line);
    const [version = ''] = fields;
    if (isValid(version) && !isPseudoVersion(version)) published += `${fields.join(' ')}\n`;
  }
  return published;
}
