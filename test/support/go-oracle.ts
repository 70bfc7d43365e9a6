import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { goEnvironment, goWorkspace } from './go-command.ts';
import { reverseCleanup } from './rondo-process.ts';
import { tempFolder, type Cleanup } from './temp-folder.ts';

const run = promisify(execFile);

/** What Go makes of one case: its answer, or its error. */
export type GoAnswer = { readonly answer: unknown } | { readonly error: string };

/** A running Go program that answers. */
export type GoOracle = {
  /** Go's answers to the cases of one operation of go-oracle/main.go, in their order. */
  ask(op: string, cases: readonly (readonly string[])[]): Promise<GoAnswer[]>;
};

const MAIN = new URL('go-oracle/main.go', import.meta.url);

/** Functions that no package exports: file, declarations, imports, and what stands for the rest of their package. */
const CUTS: readonly { file: string; declarations: readonly string[]; head: string }[] = [
  {
    file: 'cmd/go/internal/modfetch/fetch.go',
    declarations: ['func readGoSum('],
    head: `import ("bytes"; "fmt"; "strings"; "golang.org/x/mod/module")
const emptyGoModHash = "h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY="
var base fatal
type fatal struct{}
func (fatal) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
var cfg struct{ CmdName, GOPROXY, GONOPROXY string }`,
  },
  {
    file: 'cmd/go/internal/auth/netrc.go',
    declarations: ['type netrcLine ', 'func parseNetrc('],
    head: `import "strings"`,
  },
  {
    file: 'cmd/go/internal/modfetch/proxy.go',
    declarations: [
      'var proxyOnce ',
      'type proxySpec ',
      'func proxyList(',
      'type proxyRepo ',
      'func newProxyRepo(',
      'func pathEscape(',
    ],
    head: `import ("fmt"; "net/url"; pathpkg "path"; "path/filepath"; "strings"; "sync"; "golang.org/x/mod/module")
type Repo any
type RevInfo struct{}`,
  },
  {
    file: 'net/http/fs.go',
    declarations: ['type httpRange ', 'func parseRange('],
    head: `import ("errors"; "net/textproto"; "strconv"; "strings")
var errNoOverlap = errors.New("no overlap")`,
  },
];

/** Builds the program from the Go of this machine, nothing of it downloaded, and starts it. It ends with `t`. */
export async function goOracle(t: Cleanup): Promise<GoOracle> {
  const cleanup = reverseCleanup(t);
  const program = await build(cleanup);
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  cleanup.after(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(op, cases) {
      child.stdin.write(`${JSON.stringify({ Op: op, Cases: cases })}\n`);
      const { value, done } = await lines.next();
      if (done === true)
        throw new Error(`the program ended over ${op} ${JSON.stringify(cases).slice(0, 2000)}`);
      const told = JSON.parse(value) as [unknown, string?][];
      return told.map(([answer, error]) => (error === undefined ? { answer } : { error }));
    },
  };
}

/** The program, from the build cache of the tests if it is there. */
async function build(t: Cleanup): Promise<string> {
  const workspace = await goWorkspace(t);
  const env = goEnvironment({ workspace, goproxy: 'off', env: { GOFLAGS: '-mod=mod' } });
  const { stdout } = await run('go', ['env', 'GOROOT', 'GOVERSION'], { env });
  const [goroot = '', version = ''] = stdout.split('\n');
  const sources = new Map([['main.go', await readFile(MAIN, 'utf8')]]);
  for (const { file, declarations, head } of CUTS) {
    const text = await readFile(join(goroot, 'src', file), 'utf8');
    const bodies = declarations.map((declaration) => cut(text, declaration));
    sources.set(file.replaceAll('/', '_'), `package main\n\n${head}\n\n${bodies.join('\n')}`);
  }
  const key = createHash('sha256')
    .update(JSON.stringify([version, ...sources]))
    .digest('hex')
    .slice(0, 16);
  const program = join(workspace.buildCache, `rondo-go-oracle-${key}`);
  if (
    await stat(program).then(
      () => true,
      () => false,
    )
  )
    return program;
  const folder = await tempFolder(t, 'oracle');
  await copyModule(
    join(goroot, 'src', 'cmd', 'vendor', 'golang.org', 'x', 'mod'),
    folder,
    'golang.org/x/mod',
    ['net', 'text'].map(
      (name) => `require golang.org/x/${name} v0.0.0\nreplace golang.org/x/${name} => ./${name}\n`,
    ),
  );
  for (const name of ['net', 'text']) {
    const from = join(goroot, 'src', 'vendor', 'golang.org', 'x', name);
    await copyModule(from, join(folder, name), `golang.org/x/${name}`, []);
  }
  await mkdir(join(folder, 'oracle'));
  for (const [name, text] of sources) await writeFile(join(folder, 'oracle', name), text);
  const built = join(folder, 'built');
  await run('go', ['build', '-o', built, './oracle'], { cwd: folder, env });
  await cp(built, `${program}.${process.pid}`);
  await rename(`${program}.${process.pid}`, program);
  return program;
}

async function copyModule(from: string, to: string, path: string, lines: readonly string[]): Promise<void> {
  await cp(from, to, { recursive: true });
  await writeFile(join(to, 'go.mod'), `module ${path}\n\ngo 1.24\n\n${lines.join('')}`);
}

/** A declaration of a gofmt-ed file: from its first line to the first brace at the beginning of a line. */
function cut(text: string, declaration: string): string {
  const start = text.indexOf(`\n${declaration}`);
  const end = text.indexOf('\n}\n', start);
  if (start < 0 || end < 0) throw new Error(`this Go has no ${declaration}`);
  return text.slice(start, end + 3);
}
