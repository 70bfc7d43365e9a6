import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { fixtureModule } from '../support/fixture-modules.ts';
import '../support/loopback-only.ts';
import { startMirror } from '../support/mirror-process.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import { goSum } from './bench.ts';
import { runRondo, stranger } from './rondo-command.ts';

const SAMPLE = await fixtureModule({ path: 'golang.org/x/text', version: 'v0.3.0' });
const OTHER = await fixtureModule({
  path: 'golang.org/x/text',
  version: 'v0.3.0',
  files: { 'text.go': 'package text // other\n' },
});
const DATABASE = ChecksumDatabase.over([SAMPLE]);
const GO_MOD = 'module example.com/p\n\ngo 1.21\n';

type Finding = {
  readonly id: string;
  readonly what: string;
  readonly evidence: readonly string[];
  readonly fix?: string;
};

type Asked = { readonly code: number; readonly findings: readonly Finding[] };

/** A user with a project and mirrors, of which each has the sample or another one in its place. */
async function user(
  t: Cleanup,
  contents: readonly ('right' | 'other')[],
): Promise<{
  readonly names: readonly string[];
  readonly run: (
    args: readonly string[],
    files: Readonly<Record<string, string>>,
    more?: Readonly<Record<string, string>>,
    below?: string,
  ) => ReturnType<typeof runRondo>;
}> {
  const mirrors = await Promise.all(
    contents.map((content, index) =>
      startMirror(
        { name: `m${index}`, modules: [content === 'right' ? SAMPLE : OTHER], database: DATABASE },
        t,
      ),
    ),
  );
  const { env } = await stranger(t);
  const own = { ...env, GOPROXY: mirrors.map(({ url }) => url).join(','), GOSUMDB: DATABASE.key };
  return {
    names: mirrors.map(({ url }) => new URL(url).host),
    async run(args, files, more = {}, below = '.') {
      const RONDO_CACHE_DIR = await tempFolder(t, 'copy');
      const cwd = join(await tempProject(t, files), below);
      return runRondo(t, args, { env: { ...own, RONDO_CACHE_DIR, ...more }, cwd });
    },
  };
}

async function doctor(
  { run }: Awaited<ReturnType<typeof user>>,
  ...rest: [Readonly<Record<string, string>>, Readonly<Record<string, string>>?, string?]
): Promise<Asked> {
  const { code, stdout, stderr } = await run(['doctor', '--json', '--no-direct'], ...rest);
  assert.notEqual(stdout, '', stderr);
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  return { code, findings: findings.filter(({ id }) => !id.startsWith('go.')) };
}

test('what a mirror has is compared with the database, else with go.sum, else with the others', async (context) => {
  const t = reverseCleanup(context);
  const two = await user(t, ['right', 'other']);
  const plain = { 'go.mod': GO_MOD };
  const off = { GOSUMDB: 'off' };
  const database = await doctor(two, plain);
  assert.deepEqual(database.findings, [
    {
      id: 'mirror.wrong-content',
      level: 'finding',
      what: `${two.names[1]}: it has another file than the checksum database knows`,
      evidence: [`it has ${OTHER.zipH1}`, `the right one is ${SAMPLE.zipH1}`],
      fix: 'take it out of the chain, and tell whoever runs it',
    },
  ]);
  assert.deepEqual((await doctor(two, plain, off)).findings, [], 'one against one says nothing');
  const sums = await doctor(two, { 'go.mod': GO_MOD, 'go.sum': goSum([OTHER]) }, off);
  assert.deepEqual(
    sums.findings.map(({ what, evidence, fix }) => [what, evidence[1], fix]),
    [
      [
        `${two.names[0]}: it has another file for golang.org/x/text@v0.3.0 than go.sum of this project`,
        `go.sum has ${OTHER.zipH1}`,
        'rondo why golang.org/x/text@v0.3.0',
      ],
    ],
  );
  const three = await user(t, ['right', 'other', 'right']);
  const most = await doctor(three, plain, off);
  assert.deepEqual(
    most.findings.map(({ what, evidence, fix }) => [what, evidence[1], fix]),
    [
      [
        `${three.names[1]}: it has another file for golang.org/x/text@v0.3.0 than most mirrors`,
        `most have ${SAMPLE.zipH1}`,
        'rondo why golang.org/x/text@v0.3.0',
      ],
    ],
  );
});

test('a go.mod or go.sum with a mistake is a finding, without a configuration too, and why says it', async (context) => {
  const t = reverseCleanup(context);
  const one = await user(t, ['right']);
  const broken: [files: Record<string, string>, id: string, what: RegExp][] = [
    [{ 'go.mod': `${GO_MOD}reqire x v1\n` }, 'project.go-mod', /go\.mod:4: /],
    [{ 'go.mod': GO_MOD, 'go.sum': 'one two\n' }, 'project.go-sum', /go\.sum/],
  ];
  for (const [files, id, what] of broken) {
    for (const env of [{}, { GOPROXY: 'htps://a.invalid' }]) {
      const { code, findings } = await doctor(one, files, env);
      const found = findings.filter((each) => each.id === id);
      assert.deepEqual([code, found.length], [1, 1], JSON.stringify(findings));
      assert.match(found[0]?.what ?? '', what);
      assert.notEqual(found[0]?.fix, undefined);
    }
    const why = await one.run(['why', 'golang.org/x/text@v0.3.0', '--no-direct'], files);
    assert.equal(why.code, 0, why.stderr);
    assert.match(why.stderr, /go\.sum of this project is not looked at: .*go\.(?:mod:4|sum)/);
  }
});

test('GOWORK says which project it is: its go.sum, its vendor folder, and that it is no path', async (context) => {
  const t = reverseCleanup(context);
  const one = await user(t, ['right']);
  const files = {
    'go.work': 'go 1.22\n\nuse (\n\t./a\n\t./b\n)\n',
    'vendor/modules.txt':
      '## workspace\n# example.com/m v1.0.0\n## explicit\n# example.com/m v1.1.0\n## explicit\n',
    'a/go.mod': 'module example.com/a\n\ngo 1.22\n\nrequire example.com/m v1.0.0\n',
    'b/go.mod': 'module example.com/b\n\ngo 1.22\n\nrequire example.com/m v1.1.0\n',
    'b/go.sum': goSum([OTHER]),
    'b/vendor/modules.txt': '# example.com/m v0.9.0\n## explicit\n',
  };
  const idsOf = ({ findings }: Asked): string[] => findings.map(({ id }) => id);
  assert.deepEqual(idsOf(await doctor(one, files, {}, 'b')), []);
  const alone = await doctor(one, files, { GOWORK: 'off' }, 'b');
  assert.deepEqual(idsOf(alone), ['project.vendor']);
  const stale = { ...files, 'vendor/modules.txt': '## workspace\n# example.com/m v1.0.0\n## explicit\n' };
  const { findings } = await doctor(one, stale, {}, 'a');
  assert.deepEqual(
    findings.map(({ evidence, fix }) => [evidence, fix]),
    [[['go.mod: example.com/m v1.1.0; vendor: v1.0.0'], 'go work vendor']],
  );
  const relative = await doctor(one, files, { GOWORK: 'go.work' }, 'a');
  assert.deepEqual(idsOf(relative), ['project.unreadable']);

  // From within the one, the go.sum of the other one counts as well.
  const why = ['why', 'golang.org/x/text@v0.3.0', '--no-direct'];
  assert.equal((await one.run(why, files, {}, 'a')).code, 4);
  assert.equal((await one.run(why, files, { GOWORK: 'off' }, 'a')).code, 0);
});
