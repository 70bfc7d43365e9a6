import type { App } from '../app.ts';
import { watchFiles } from '../host/file-watch.ts';
import type { CliContext } from './context.ts';
import type { Flags } from './flags.ts';
import { configSources, credentialFiles } from './user-config.ts';

/** The files of a configuration, watched. */
export type ConfigWatch = {
  /** Has `app` read its configuration again whenever one of them changes, and now if one has already. */
  follow(app: Pick<App, 'config' | 'reload'>): void;
  close(): void;
};

/** Watches from now on: who reads the configuration after this misses nothing. */
export async function watchConfig(flags: Flags, context: CliContext): Promise<ConfigWatch> {
  const sources = await configSources(flags, context);
  let followed: Pick<App, 'config' | 'reload'> | undefined;
  let hasChanged = false;
  const tell = (): void => {
    hasChanged = true;
    void followed?.reload?.('a file has changed');
  };
  const watch = watchFiles({
    paths: () => [...sources, ...(followed === undefined ? [] : credentialFiles(followed.config()))],
    clock: context.clock,
    onChange: tell,
  });
  return {
    follow(app) {
      followed = app;
      watch.look();
      if (hasChanged) tell();
    },
    close: () => watch.close(),
  };
}
