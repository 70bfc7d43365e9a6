import type { Finding } from '../doctor/finding.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { CliContext } from './context.ts';
import { readWorkSetting } from './go-work.ts';
import { projectFile, readProjects, type Project } from './project-files.ts';

/** The project that go is in here, as far as it can be read. */
export type ProjectHere = {
  readonly project: Project | undefined;
  /** Why there is none, where its files are there. */
  readonly trouble: Finding | undefined;
};

/** Reads the project around the working folder. That there is none is no trouble. Rejects with what is no RondoError only. */
export async function projectHere(
  context: Pick<CliContext, 'env' | 'platform' | 'systemHome' | 'cwd'>,
): Promise<ProjectHere> {
  const { cwd } = context;
  try {
    const work = await readWorkSetting(context);
    if ((await projectFile(cwd, work)) === undefined) return { project: undefined, trouble: undefined };
    const [project] = await readProjects([], cwd, work);
    return { project, trouble: undefined };
  } catch (error) {
    if (!(error instanceof RondoError)) throw error;
    return { project: undefined, trouble: troubleOf(error) };
  }
}

function troubleOf({ code, said }: RondoError): Finding {
  const rest = { level: 'finding', what: said.message, evidence: said.details } as const;
  const fix = said.hint === undefined ? {} : { fix: said.hint };
  if (code === 'E_GO_MOD') return { ...rest, ...fix, id: 'project.go-mod' };
  if (code === 'E_GO_SUM') return { ...rest, ...fix, id: 'project.go-sum' };
  return { ...rest, id: 'project.unreadable' };
}
