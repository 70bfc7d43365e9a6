import { say, type Text } from '../words/text.ts';
import { withoutLogins, type Finding } from './finding.ts';

/** A setting of the go command, and who set it. */
export type GoValue = {
  readonly value: string;
  readonly from: 'environment' | 'go env -w' | 'GOROOT/go.env' | 'default';
};

/** The settings of the go command, by their names. */
export type GoValues = ReadonlyMap<string, GoValue>;

/** `GOPROXY=… by go env -w`: a setting and where it was made; passwords are left out. Pure. */
export function setLine(name: string, values: GoValues): Text {
  return settingLine(name, values.get(name) ?? { value: '', from: 'default' });
}

/** The same of one value. Pure. */
export function settingLine(name: string, { value, from }: GoValue): Text {
  const setting = `${name}=${withoutLogins(value)}`;
  switch (from) {
    case 'environment':
      return say('{setting} in the environment', { setting });
    case 'go env -w':
      return say('{setting} by go env -w', { setting });
    case 'GOROOT/go.env':
      return say('{setting} by GOROOT/go.env', { setting });
    case 'default':
      return say('{setting} by default', { setting });
  }
}

/** How a setting is taken back, where it was made. Pure. */
export function unsetting(name: string, values: GoValues): Pick<Finding, 'fix' | 'safe'> {
  const from = values.get(name)?.from;
  if (from === 'environment') return { fix: `unset ${name}` };
  if (from !== 'go env -w') return {};
  return { fix: `go env -u ${name}`, safe: { unset: name } };
}
