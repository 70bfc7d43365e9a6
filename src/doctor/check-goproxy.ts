import { RondoError } from '../errors/rondo-error.ts';
import { parseGoproxyList } from '../gomod/goproxy-list.ts';
import { say } from '../words/text.ts';
import { withoutLogins, type Finding } from './finding.ts';
import { setLine, unsetting, type GoValues } from './go-setting.ts';

/** Addresses of this machine in GOPROXY at which nobody listens. */
export type Silent = readonly { readonly host: string; readonly port: number }[];

/** What is wrong with go's own list of proxies. Pure. */
export function checkGoproxy(values: GoValues, refusing: Silent): Finding[] {
  const separator = wrongSeparator(values);
  return separator.length > 0 ? separator : [...chain(values), ...silent(refusing, values)];
}

/** What stands between two entries, where people take `;` or a space for a separator. */
const WRONG_SEPARATOR = /\s*;\s*|(?<=[^,|\s])\s+(?=[^,|\s])/g;

/** go takes it for a part of the host, and says that there is no such host. */
function wrongSeparator(values: GoValues): Finding[] {
  const value = values.get('GOPROXY')?.value ?? '';
  const right = value.trim().replaceAll(WRONG_SEPARATOR, ',');
  if (right === value.trim()) return [];
  const shown = withoutLogins(right);
  const setting = `GOPROXY=${shown.includes('|') ? `'${shown}'` : shown}`;
  return [
    {
      id: 'go.goproxy-separator',
      level: 'finding',
      what: say('the entries of GOPROXY need a comma between them: go knows no semicolon and no space'),
      evidence: [setLine('GOPROXY', values)],
      fix: values.get('GOPROXY')?.from === 'environment' ? `export ${setting}` : `go env -w ${setting}`,
    },
  ];
}

/** A comma is no failover: go goes on after 404 and 410 alone. */
function chain(values: GoValues): Finding[] {
  const text = values.get('GOPROXY')?.value ?? '';
  let list;
  try {
    list = parseGoproxyList(text);
  } catch (error) {
    const why = error instanceof RondoError ? [error.said.message] : [];
    return [
      {
        id: 'go.goproxy-malformed',
        level: 'finding',
        what: say('GOPROXY is no list of proxies'),
        evidence: [setLine('GOPROXY', values), ...why],
        ...unsetting('GOPROXY', values),
      },
    ];
  }
  if (list.entries.length === 0) {
    const off = list.end === 'off';
    return [
      {
        id: off ? 'go.goproxy-off' : 'go.goproxy-direct',
        level: off ? 'finding' : 'note',
        what: off
          ? say('GOPROXY=off: go downloads nothing')
          : say('GOPROXY=direct: every module comes from its own repository'),
        evidence: [setLine('GOPROXY', values)],
        fix: 'rondo init --set-go-env',
      },
    ];
  }
  const commas = list.entries.slice(0, -1).filter(({ separator }) => separator === ',').length;
  if (commas === 0) return [];
  return [
    {
      id: 'go.goproxy-commas',
      level: 'finding',
      what: say(
        'the mirrors of GOPROXY stand in for each other after 404 alone: one that answers 503, or hangs, breaks the build',
      ),
      evidence: [setLine('GOPROXY', values)],
      fix: say('rondo exec -- go build ./...   (or for good: rondo init --set-go-env, and rondo serve)'),
    },
  ];
}

/** Where Rondo listens unless it is told another port. */
const USUAL_PORT = 7070;

/** A Rondo that was pasted into go's settings and does not run. */
function silent(refusing: Silent, values: GoValues): Finding[] {
  return refusing.map(({ host, port }) => {
    const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const serve = port === USUAL_PORT ? 'rondo serve' : `rondo serve --port ${port}`;
    const { fix: unset } = unsetting('GOPROXY', values);
    return {
      id: 'go.goproxy-silent',
      level: 'finding' as const,
      what: say('GOPROXY names {place}, and nobody listens there', { place }),
      evidence: [
        setLine('GOPROXY', values),
        say('go says: dial tcp {place}: connect: connection refused', { place }),
      ],
      fix:
        unset === undefined ? serve : say('{serve}   (or, to do without Rondo: {unset})', { serve, unset }),
    };
  });
}
