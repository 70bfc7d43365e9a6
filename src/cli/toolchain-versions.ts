import { openEach } from '../ask-each.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { compareGoVersions } from '../gomod/go-version.ts';
import { listedToolchain, toolchainZip, type Toolchain } from '../gomod/toolchain.ts';
import { listed, say } from '../words/text.ts';
import type { CopyTools } from './copy-work.ts';

/** The list of all Go that there is has some hundred kilobytes. */
const MAX_LIST_BYTES = 4 * 1024 * 1024;
const SHOWN = 3;

/**
 * A toolchain that could not be had, told by its version and platform, with what the mirrors said of it and, where one
 * of them lists any, the newest for that platform. Rejects with the signal's reason only.
 */
export async function noToolchain(
  error: RondoError,
  wanted: Toolchain,
  tools: CopyTools,
): Promise<RondoError> {
  const { message, details } = error.said;
  const platform = `${wanted.os}/${wanted.arch}`;
  const there = await versionsFor(wanted, tools);
  const values = { platform, list: listed(there.slice(0, SHOWN)), url: 'https://go.dev/dl' };
  return new RondoError(
    error.code,
    say('no mirror gives Go {version} for {platform}', { version: wanted.version, platform }),
    {
      details: details.length > 0 ? details : [message],
      hint:
        there.length > 0
          ? say('the newest for {platform}: {list}; which others there are: {url}', values)
          : say('which versions and platforms there are: {url}', values),
      cause: error,
    },
  );
}

/** The newest first. */
async function versionsFor(wanted: Toolchain, { asking, config, work }: CopyTools): Promise<string[]> {
  const { module } = toolchainZip(wanted);
  const mirrors = openEach(config.chain.mirrors, asking);
  try {
    const lists = await Promise.all(
      mirrors.map((mirror) =>
        mirror.ask({ kind: 'list', module }, { maxBytes: MAX_LIST_BYTES }, work.signal),
      ),
    );
    const versions = lists
      .flatMap((answer) => (answer.kind === 'found' ? answer.bytes.toString().split('\n') : []))
      .map(listedToolchain)
      .filter((each) => each?.os === wanted.os && each.arch === wanted.arch)
      .flatMap((each) => (each === undefined ? [] : [each.version]));
    return [...new Set(versions)].sort((a, b) => compareGoVersions(b, a));
  } finally {
    await Promise.all(mirrors.map((mirror) => mirror.close()));
  }
}
