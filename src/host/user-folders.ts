import { posix, win32 } from 'node:path';

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The folders of one user, absolute. Nothing is created by asking for them. */
export type UserFolders = {
  readonly home: string;
  /** Rondo's: the copy, unless configured otherwise. */
  readonly cacheDir: string;
  /** Rondo's: the user's own `.goproxy`. */
  readonly configDir: string;
  /** Rondo's: what it remembers. */
  readonly stateDir: string;
  /** Rondo's: what it installs, as toolchains of Go. */
  readonly dataDir: string;
  /** Where `go env -w` writes, whatever GOENV says; undefined where go finds no place either. */
  readonly goConfigDir: string | undefined;
};

/**
 * The user's folders by the platform's rules: XDG on Unix (there on macOS too, if its variables are set),
 * `~/Library` on macOS, `%LocalAppData%` and `%AppData%` on Windows. goConfigDir follows os.UserConfigDir.
 * Pure: `home` is what the system says where the environment does not. A relative XDG path is ignored.
 */
export function userFolders(platform: NodeJS.Platform, env: Environment, systemHome: string): UserFolders {
  if (platform === 'win32') return windowsFolders(env, systemHome);
  const home = env['HOME'] || systemHome;
  const library = platform === 'darwin' ? posix.join(home, 'Library') : undefined;
  const xdg = (name: string, otherwise: string): string => {
    const folder = env[name];
    return folder !== undefined && posix.isAbsolute(folder) ? posix.join(folder, 'rondo') : otherwise;
  };
  return {
    home,
    cacheDir: xdg('XDG_CACHE_HOME', posix.join(library ? `${library}/Caches` : `${home}/.cache`, 'rondo')),
    configDir: xdg(
      'XDG_CONFIG_HOME',
      posix.join(library ? `${library}/Application Support` : `${home}/.config`, 'rondo'),
    ),
    stateDir: xdg(
      'XDG_STATE_HOME',
      library ? `${library}/Application Support/rondo/state` : posix.join(home, '.local/state/rondo'),
    ),
    dataDir: xdg(
      'XDG_DATA_HOME',
      posix.join(library ? `${library}/Application Support` : `${home}/.local/share`, 'rondo'),
    ),
    goConfigDir: goConfigDir(env, library),
  };
}

/** os.UserConfigDir of Go, which asks HOME only, and on Unix fails for a relative XDG_CONFIG_HOME. */
function goConfigDir(env: Environment, library: string | undefined): string | undefined {
  const home = env['HOME'];
  if (library !== undefined) return home ? posix.join(home, 'Library/Application Support/go') : undefined;
  const xdg = env['XDG_CONFIG_HOME'];
  if (xdg) return posix.isAbsolute(xdg) ? posix.join(xdg, 'go') : undefined;
  return home ? posix.join(home, '.config/go') : undefined;
}

function windowsFolders(given: Environment, systemHome: string): UserFolders {
  // Windows does not tell upper from lower case in names of variables; a copied environment does.
  const env = new Map(Object.entries(given).map(([name, value]) => [name.toUpperCase(), value]));
  const home = env.get('USERPROFILE') || systemHome;
  const local = env.get('LOCALAPPDATA') || win32.join(home, 'AppData', 'Local');
  const roaming = env.get('APPDATA');
  return {
    home,
    cacheDir: win32.join(local, 'rondo', 'cache'),
    configDir: win32.join(roaming || win32.join(home, 'AppData', 'Roaming'), 'rondo'),
    stateDir: win32.join(local, 'rondo', 'state'),
    dataDir: win32.join(local, 'rondo'),
    goConfigDir: roaming ? win32.join(roaming, 'go') : undefined,
  };
}
