import { parseGoproxyList } from '../gomod/goproxy-list.ts';
import { say, type Text } from '../words/text.ts';
import { withoutLogins } from './finding.ts';
import type { GoValue, GoValues } from './go-setting.ts';

/** A setting of the go command, where it was made, and what it comes to. */
export type ExplainedSetting = GoValue & { readonly name: string; readonly means: Text };

/** These are shown whatever they are; the others where somebody has set them. */
const ALWAYS = ['GO111MODULE', 'GOFLAGS', 'GOPROXY', 'GOSUMDB', 'GOPRIVATE'] as const;
const WHERE_SET = ['GONOPROXY', 'GONOSUMDB', 'GOINSECURE', 'GOTOOLCHAIN'] as const;

/** What the settings mean that decide where modules come from; none where go could not be asked. Passwords are left out. Pure. */
export function explainSettings(values: GoValues): ExplainedSetting[] {
  const isSet = (name: string): boolean => {
    const from = values.get(name)?.from;
    return from === 'environment' || from === 'go env -w';
  };
  return [...ALWAYS, ...WHERE_SET.filter(isSet)].flatMap((name) => {
    const found = values.get(name);
    if (found === undefined) return [];
    const value = withoutLogins(found.value);
    return [{ name, value, from: found.from, means: meaningOf(name, found.value) }];
  });
}

/** By cmd/go: `go help environment`, modload.Init, modfetch.proxyList, cfg.GONOPROXY. */
function meaningOf(name: (typeof ALWAYS)[number] | (typeof WHERE_SET)[number], value: string): Text {
  switch (name) {
    case 'GO111MODULE':
      if (value === 'off') return say('neither go.mod nor any proxy is used');
      return value === 'auto'
        ? say('modules are used where there is a go.mod')
        : say('modules are used everywhere');
    case 'GOFLAGS':
      return value === '' ? say('no flags are added') : say('added to every go command that knows them');
    case 'GOPROXY':
      return chainMeaning(value);
    case 'GOSUMDB':
      return value === 'off'
        ? say('no module is compared with a checksum database')
        : say('every public module is compared with {database}', { database: databaseOf(value) });
    case 'GOPRIVATE':
      return value === ''
        ? say('no module is private')
        : say('no mirror and no checksum database hears of these');
    case 'GONOPROXY':
      return value === 'none' ? say('mirrors may hear of every module') : say('no mirror hears of these');
    case 'GONOSUMDB':
      return value === 'none'
        ? say('every module is compared with the checksum database')
        : say('no checksum database hears of these');
    case 'GOINSECURE':
      return say('these may be fetched without TLS');
    case 'GOTOOLCHAIN':
      return value === 'local'
        ? say('the go that is installed is used, whatever go.mod asks for')
        : say('which toolchain go runs, and whether it fetches another');
  }
}

function chainMeaning(value: string): Text {
  let list;
  try {
    list = parseGoproxyList(value);
  } catch {
    return say('go takes no such list');
  }
  const { entries, end } = list;
  if (entries.length === 0)
    return end === 'off' ? say('nothing is downloaded') : say('every module comes from its own repository');
  const names = entries.map(({ url }) => new URL(url).host || new URL(url).pathname).join(', ');
  return end === 'direct'
    ? say('asked in this order: {names}, and at last the repository of each module', { names })
    : say('asked in this order: {names}', { names });
}

/** `sum.golang.org` of `sum.golang.org+033de0ae+Ac4zctda0e5…`, and of it and a URL. */
function databaseOf(value: string): string {
  return value.split(/[\s+]/, 1)[0] ?? '';
}
