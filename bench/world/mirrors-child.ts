/** The program of the mirrors' process: see mirrors.ts. */
import { obeyParent } from './child-program.ts';
import { serveFastMirror } from './fast-mirror.ts';
import { Link } from './link.ts';
import { openContent } from './mirror-files.ts';
import type { MirrorsCall, MirrorsResult, MirrorsSettings } from './mirrors.ts';
import type { SeenRequest } from './traffic.ts';

let requests: SeenRequest[] = [];
let connections = 0;
let urls: readonly string[] = [];

obeyParent(async (call: MirrorsCall): Promise<MirrorsResult> => {
  if (call.kind === 'start') urls = await start(call.settings);
  const traffic = { requests, connections };
  requests = [];
  connections = 0;
  return { urls, traffic };
});

async function start(settings: MirrorsSettings): Promise<string[]> {
  const { count, content, distance, linkBitsPerSecond, certificate } = settings;
  const answer = await openContent(content);
  const link = linkBitsPerSecond === undefined ? {} : { link: new Link(linkBitsPerSecond) };
  const serve = (_: unknown, mirror: number): Promise<string> =>
    serveFastMirror({
      mirror,
      answer,
      distance,
      ...link,
      ...(certificate && { certificate }),
      seen: (request) => requests.push(request),
      opened: () => (connections += 1),
    });
  return Promise.all(Array.from({ length: count }, serve));
}
