import { RondoError } from '../errors/rondo-error.ts';
import type { Upstream } from './attempt.ts';
import { createFileUpstream } from './file-upstream.ts';
import { createHttpUpstream, type UpstreamOptions } from './http-upstream.ts';
import { say } from '../words/text.ts';

/**
 * The connections to one mirror, by the scheme of its URL. Nothing is opened before the first attempt.
 * @throws RondoError E_BAD_MIRROR_URL for a scheme that no mirror has, or a file URL that names no local folder
 */
export function openUpstream(options: UpstreamOptions): Upstream {
  const { name, url } = options.endpoint;
  switch (url.protocol) {
    case 'http:':
    case 'https:':
      return createHttpUpstream(options);
    case 'file:':
      try {
        return createFileUpstream(options.endpoint, options.clock);
      } catch (cause) {
        throw new RondoError(
          'E_BAD_MIRROR_URL',
          say('mirror {name}: a file URL that names no local folder', { name }),
          {
            cause,
          },
        );
      }
    default:
      throw new RondoError(
        'E_BAD_MIRROR_URL',
        say("mirror {name}: {protocol}// is not a mirror's scheme", { name, protocol: url.protocol }),
        {
          hint: say('use http://, https:// or file://'),
        },
      );
  }
}
