import type { Config, ConfiguredMirror } from './config.ts';
import {
  chainText,
  effectiveGoSettings,
  effectiveMirror,
  effectiveNetwork,
  effectiveTargets,
  effectiveValues,
  type EffectiveValue,
} from './effective-values.ts';
import { iniLine } from './ini-text.ts';
import { printable } from './quote.ts';

/**
 * Every value that is in force, in the syntax of the file: given to --config it makes the same configuration,
 * but for credentials, which are never shown. With `origins`, behind each value where it came from.
 */
export function renderConfig(config: Config, { origins }: { readonly origins: boolean }): string {
  const line = ({ key, text, origin, hidden }: EffectiveValue): string =>
    text === undefined
      ? iniLine(`;${key.name}`, '', hidden === true ? `set, and not shown; ${origin}` : 'not set')
      : iniLine(key.name, text, origins ? origin : undefined);
  const { chain } = config;
  const list = chainText(chain);
  const proxy =
    list === undefined ? '; proxy is not set' : iniLine('proxy', list, origins ? chain.origin : undefined);
  const sections = [...effectiveValues(config)].map(([section, values]) =>
    [...(section === '' ? [proxy] : [`[${section}]`]), ...values.map(line)].join('\n'),
  );
  const mirrors = chain.mirrors.map((mirror) =>
    [
      `[mirror "${mirror.name}"]`,
      ...effectiveMirror(mirror, config).map(line),
      ...credentialsLine(mirror),
    ].join('\n'),
  );
  const targets = [...effectiveTargets(config)].map(([name, values]) =>
    [`[target "${name}"]`, ...values.map(line)].join('\n'),
  );
  const variables = [...effectiveGoSettings(config), ...effectiveNetwork(config)].map(
    ({ name, text, origin }) => iniLine(`;${name}`, printable(text), origins ? origin : undefined),
  );
  return `${[...sections, ...mirrors, ...targets, ['; read as go reads them', ...variables].join('\n')].join('\n\n')}\n`;
}

function credentialsLine({ authorizationOrigin }: ConfiguredMirror): string[] {
  return authorizationOrigin === undefined ? [] : [`; credentials: ${printable(authorizationOrigin)}`];
}

/** In place of a secret; no token is so short. */
const HIDDEN = '(hidden)';

/** The same as JSON: the shape is stable, and `version` changes with it. Values are texts as in the file, null where unset. */
export function configJson(config: Config): object {
  const { chain } = config;
  // null is what is unset.
  const shown = ({ text, hidden }: EffectiveValue): string | null =>
    text ?? (hidden === true ? HIDDEN : null);
  const named = (values: ReturnType<typeof effectiveGoSettings>): object =>
    Object.fromEntries(values.map(({ name, text, origin }) => [name, { value: text, origin }]));
  const texts = (values: readonly EffectiveValue[]): object =>
    Object.fromEntries(values.map((each) => [each.path, { value: shown(each), origin: each.origin }]));
  const byName = (values: readonly EffectiveValue[]): object =>
    Object.fromEntries(values.map((each) => [each.key.name, { value: shown(each), origin: each.origin }]));
  return {
    version: 1,
    files: config.files,
    chain: {
      proxy: chainText(chain) ?? null,
      origin: chain.origin,
      trusted: chain.trusted,
      mirrors: chain.mirrors.map((mirror) => ({
        name: mirror.name,
        values: byName(effectiveMirror(mirror, config)),
        credentials: mirror.authorizationOrigin ?? null,
      })),
    },
    targets: Object.fromEntries(
      [...effectiveTargets(config)].map(([name, values]) => [name, byName(values)]),
    ),
    values: texts([...effectiveValues(config).values()].flat()),
    go: named(effectiveGoSettings(config)),
    network: named(effectiveNetwork(config)),
  };
}

/** Every value that is in force with its key and origin, flat; secrets are hidden, and null is what is unset. */
export function configValues(
  config: Config,
): { readonly key: string; readonly value: string | null; readonly origin: string }[] {
  const { chain } = config;
  const keyed = [
    ...[...effectiveValues(config).values()].flat(),
    ...chain.mirrors.flatMap((mirror) => effectiveMirror(mirror, config)),
    ...[...effectiveTargets(config).values()].flat(),
  ].map(({ path, text, hidden, origin }) => ({
    key: path,
    value: text ?? (hidden === true ? HIDDEN : null),
    origin,
  }));
  const variables = [...effectiveGoSettings(config), ...effectiveNetwork(config)];
  return [
    { key: 'proxy', value: chainText(chain) ?? null, origin: chain.origin },
    ...keyed,
    ...variables.map(({ name, text, origin }) => ({ key: name, value: text, origin })),
  ];
}
