/** The program of the mirrors' process: see mirrors.ts. */
import { obeyParent } from './child-program.ts';
import { epochMs } from './epoch.ts';
import { serveFastMirror, type ServedMirror } from './fast-mirror.ts';
import { Link } from './link.ts';
import { openContent } from './mirror-files.ts';
import type { MirrorsCall, MirrorsResult, MirrorsSettings } from './mirrors.ts';
import type { SeenRequest, Traffic } from './traffic.ts';

let requests: SeenRequest[] = [];
let connections = 0;
let mirrors: readonly ServedMirror[] = [];

obeyParent(async (call: MirrorsCall): Promise<MirrorsResult> => {
  const traffic = await obey(call);
  return { urls: mirrors.map(({ url }) => url), atMs: epochMs(), ...(traffic && { traffic }) };
});

async function obey(call: MirrorsCall): Promise<Traffic | undefined> {
  switch (call.kind) {
    case 'start':
      mirrors = await start(call.settings);
      return undefined;
    case 'set-fault':
      await Promise.all(those(call.mirror).map((mirror) => mirror.setFault(call.fault, call.scope)));
      return undefined;
    case 'clear-faults':
      await Promise.all(those(call.mirror).map((mirror) => mirror.clearFaults()));
      return undefined;
    case 'take-traffic':
      return takeTraffic();
  }
}

function those(mirror: number | 'all'): ServedMirror[] {
  return mirrors.filter((_, index) => mirror === 'all' || mirror === index);
}

function takeTraffic(): Traffic {
  const traffic = { requests, connections };
  requests = [];
  connections = 0;
  return traffic;
}

async function start(settings: MirrorsSettings): Promise<ServedMirror[]> {
  const { count, distance, linkBitsPerSecond, certificate } = settings;
  const content = await openContent(settings.content);
  const link = linkBitsPerSecond === undefined ? {} : { link: new Link(linkBitsPerSecond) };
  const serve = (_: unknown, mirror: number): Promise<ServedMirror> =>
    serveFastMirror({
      mirror,
      content,
      distance,
      ...link,
      ...(certificate && { certificate }),
      seen: (request) => requests.push(request),
      opened: () => (connections += 1),
    });
  return Promise.all(Array.from({ length: count }, serve));
}
