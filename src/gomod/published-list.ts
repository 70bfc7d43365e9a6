import { fieldsOf } from './fields.ts';
import { isPseudoVersion } from './pseudo-version.ts';
import { parseVersion, type Version } from './semver.ts';

/**
 * The lines of a mirror's version list that a GOPROXY publishes: valid versions that are not
 * pseudo-versions, in the mirror's order, each with its time if it had one (spec protocol.md, "Endpoints";
 * modfetch.proxyRepo.Versions ignores the others too). From a mirror: hostile.
 */
export function publishedLines(text: string): string {
  let published = '';
  for (const line of text.split('\n')) {
    const fields = fieldsOf(line);
    if (publishedVersion(fields[0]) !== undefined) published += `${fields.join(' ')}\n`;
  }
  return published;
}

/** The versions of those lines, in their order: slices of `text`, so keep copies. From a mirror: hostile. */
export function publishedVersions(text: string): Version[] {
  return text.split('\n').flatMap((line) => publishedVersion(fieldsOf(line)[0]) ?? []);
}

function publishedVersion(word: string | undefined): Version | undefined {
  if (word === undefined || isPseudoVersion(word)) return undefined;
  return parseVersion(word);
}
