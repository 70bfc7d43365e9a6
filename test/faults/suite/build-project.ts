import { goSum } from '../../e2e/bench.ts';
import { packageName, type FixtureModule } from '../../support/fixture-modules.ts';
import { PARTS, partModule } from './part-module.ts';

/** A project of twenty modules, which is a package and no program: nothing is linked. */
export type BuildProject = {
  readonly modules: readonly FixtureModule[];
  /** Of the project, by name. */
  readonly files: Readonly<Record<string, string>>;
};

/** The project that needs `version` of all its modules; the same every time. */
export async function buildProject(version: string): Promise<BuildProject> {
  const modules = await Promise.all(Array.from({ length: PARTS }, (_, n) => partModule(n, version)));
  const paths = modules.map(({ path }) => path);
  const requires = paths.map((path) => `\t${path} ${version}\n`).join('');
  const imports = paths.map((path) => `\t"${path}"\n`).join('');
  const calls = paths.map((path) => `\tprintln(${packageName(path)}.Name())\n`).join('');
  return {
    modules,
    files: {
      'go.mod': `module example.com/project\n\ngo 1.21\n\nrequire (\n${requires})\n`,
      'go.sum': goSum(modules),
      'project.go': `package project\n\nimport (\n${imports})\n\nfunc Names() {\n${calls}}\n`,
    },
  };
}
