import { join } from 'node:path';
import { RondoError } from '../errors/rondo-error.ts';
import { storeKey } from '../gomod/store-key.ts';
import { architecturesOf } from '../gomod/go-platforms.ts';
import {
  EXAMPLE_VERSION,
  toolchainName,
  toolchainZip,
  whyNoToolchain,
  type Toolchain,
} from '../gomod/toolchain.ts';
import { isToolchain, unpackToolchain, type UnpackZip } from '../host/unpack-toolchain.ts';
import { candidateOf } from '../proxy/version-file-plan.ts';
import { readProvenance } from '../proxy/trusted-files.ts';
import { unpackProven } from '../upkeep/unpack-proven.ts';
import { jsonText } from './json-text.ts';
import type { CliContext } from './context.ts';
import { withCopy, type CopyTools } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { shownLine } from './shown-line.ts';
import { whenBack } from './sync-words.ts';
import { ownPlatform, toolchainsDir } from './toolchain-folder.ts';
import { noToolchain } from './toolchain-versions.ts';
import { listed, say } from '../words/text.ts';

/**
 * `rondo toolchain install VERSION`: Go itself, from the mirrors as any module, compared with the checksum database and
 * unpacked. On stdout the folder that it lies in. Resolves with 0.
 * @throws RondoError E_USAGE for what is no version; E_NOT_IN_CHECKSUM_DB where nothing vouches for it; as withCopy does
 */
export async function toolchainInstall(
  words: readonly string[],
  flags: Flags,
  context: CliContext,
): Promise<number> {
  const own = ownPlatform(context);
  const version = (words[0] ?? '').replace(/^go/, '');
  const toolchain: Toolchain = { version, os: flags.os ?? own.os, arch: flags.arch ?? own.arch };
  const why = whyNoToolchain(version);
  if (why !== undefined)
    throw new RondoError('E_USAGE', say('there is no Go {version}: {why}', { version, why }), {
      hint: say('rondo toolchain install {version}', { version: EXAMPLE_VERSION }),
    });
  if (flags.os !== undefined || flags.arch !== undefined) checkPair(toolchain);
  const parent = toolchainsDir(flags, context);
  if (await isToolchain(join(parent, toolchainName(toolchain))))
    return tell(toolchain, parent, true, flags, context);
  return withCopy(
    {
      flags,
      offline: flags.offline === true,
      makesCopy: true,
      adviceUnreachable: whenBack(`toolchain install ${version}`, flags),
      doing: say('installing Go {version}', { version }),
      work: (tools) => install(toolchain, parent, tools),
      report: () => tell(toolchain, parent, false, flags, context),
    },
    context,
  );
}

/** This machine is what it is; what was asked for must be a pair that Go has. */
function checkPair({ os, arch }: Toolchain): void {
  const architectures = architecturesOf(os);
  if (architectures.length === 0 || architectures.includes(arch)) return;
  throw new RondoError('E_USAGE', say('there is no Go for {platform}', { platform: `${os}/${arch}` }), {
    hint: say('--arch, of which Go has for {os}: {list}', { os, list: listed(architectures) }),
  });
}

/** It is this one that is not to be had; that nobody answers says nothing of it. */
function isAbsence(error: unknown): error is RondoError {
  if (!(error instanceof RondoError) || error.code === 'E_OFFLINE') return false;
  return error.kind === 'not-found' || error.kind === 'refused';
}

async function install(toolchain: Toolchain, parent: string, tools: CopyTools): Promise<string> {
  const { work, mend, unfinishedFolder } = tools;
  const { store, trusted, signal, onProgress } = work;
  const zip = toolchainZip(toolchain);
  const key = storeKey(zip);
  // Whoever put it there: it is unpacked, and run, only once it is proven.
  if ((await trusted.find(zip)).kind !== 'trusted')
    await mend(zip, (bytes) => onProgress({ done: 0, total: 1, bytes })).catch(async (error: unknown) => {
      throw isAbsence(error) ? await noToolchain(error, toolchain, tools) : error;
    });
  // go itself takes no toolchain that the database does not vouch for, whatever GOSUMDB and GONOSUMDB say.
  const { verified, h1 } = (await readProvenance(key, store)) ?? {};
  if (verified !== 'database' || h1 === undefined) {
    throw new RondoError(
      'E_NOT_IN_CHECKSUM_DB',
      say('nothing vouches for Go {version}: GOSUMDB is off for it', { version: toolchain.version }),
      {
        hint: say('GOSUMDB=sum.golang.org GONOSUMDB= rondo toolchain install …'),
      },
    );
  }
  const stored = await store.get(key);
  if (stored === undefined)
    throw new RondoError(
      'E_STORE',
      say('the zip of Go {version} is not in the copy any more', { version: toolchain.version }),
    );
  const candidate = await candidateOf(stored);
  // The file was right when it was kept: what is installed is hashed itself, since it is going to be run.
  const unpack: UnpackZip = (openFile) => unpackProven(candidate, zip, h1, openFile);
  return unpackToolchain(unpack, toolchain, parent, {
    signal,
    newFolder: unfinishedFolder,
    onProgress: ({ files, ofFiles, bytes }) => onProgress({ done: files, total: ofFiles, bytes }),
  });
}

function tell(
  toolchain: Toolchain,
  parent: string,
  wasThere: boolean,
  flags: Flags,
  context: CliContext,
): number {
  const path = join(parent, toolchainName(toolchain));
  const { os, arch, version } = toolchain;
  if (flags.json === true) context.data(jsonText({ version: 1, toolchain, path, wasThere }));
  else context.data(shownLine(path));
  const what = { version, platform: `${os}/${arch}` };
  context.tell(
    wasThere
      ? say('Go {version} for {platform} is there already', what)
      : say('installed Go {version} for {platform}', what),
  );
  const own = ownPlatform(context);
  if (os === own.os && arch === own.arch && flags.dir === undefined)
    context.tell(say('to use it in this shell: eval "$(rondo env)"; in every shell: rondo env --write'));
  return EXIT.ok;
}
