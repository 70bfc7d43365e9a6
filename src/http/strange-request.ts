import type { IncomingMessage } from 'node:http';
import { authorityOfTarget } from './target.ts';

/**
 * Has the target name the host where it is in absolute form, as RFC 9112, 3.2.2 has it: whatever Host says is ignored
 * then. Returns why the request is not answered whoever asks: two of Host, of which two programs may read one each
 * (RFC 9112, 3.2). From the client.
 */
export function whyStrange(request: IncomingMessage): string | undefined {
  const { url = '', headers, rawHeaders } = request;
  const authority = url.startsWith('/') ? undefined : authorityOfTarget(url);
  if (authority !== undefined) headers.host = authority;
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1 ? 'the request has more than one Host' : undefined;
}
