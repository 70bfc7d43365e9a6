import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guideSteps } from './guide-commands.ts';

const page = (...lines: string[]): string => lines.join('\n');

test('shell blocks are steps in order, with the output that stands behind them', () => {
  const text = page(
    '# A',
    '',
    '```sh',
    'cd x',
    'go build',
    '```',
    'then',
    '```text',
    'done',
    '```',
    '```sh',
    'ls',
    '```',
  );
  assert.deepEqual(guideSteps(text), [
    { kind: 'run', line: 3, script: 'cd x\ngo build', fresh: false, expected: 'done' },
    { kind: 'run', line: 11, script: 'ls', fresh: false },
  ]);
});

test('a command with Ctrl-C in its comment runs on, and stands alone', () => {
  const text = page('```sh', 'rondo serve    # runs until Ctrl-C', '```', '```text', 'rondo', '```');
  assert.deepEqual(guideSteps(text), [
    { kind: 'serve', line: 1, script: 'rondo serve   ', expected: 'rondo' },
  ]);
  const two = page('```sh', 'cd x', 'rondo serve # until Ctrl-C', '```');
  assert.throws(() => guideSteps(two), /^Error: line 1: .* block of its own/);
});

test('an ini block is the file that its first line names', () => {
  const text = page('```ini', '; /etc/rondo/.goproxy', 'proxy = https://a.example', '```');
  assert.deepEqual(guideSteps(text), [
    {
      kind: 'file',
      line: 1,
      path: '/etc/rondo/.goproxy',
      text: '; /etc/rondo/.goproxy\nproxy = https://a.example\n',
    },
  ]);
  assert.throws(() => guideSteps(page('```ini', 'proxy = x', '```')), /^Error: line 1: .* names the file/);
});

test('a unit of systemd is written and started, with its variables', () => {
  const lines = ['# /etc/systemd/system/a.service', '[Service]', 'Environment=A=1', 'ExecStart=/usr/bin/a b'];
  const [file, serve] = guideSteps(page('```ini', ...lines, '```'));
  assert.equal(file?.kind, 'file');
  assert.deepEqual(serve, { kind: 'serve', line: 1, script: 'A=1 /usr/bin/a b' });
  assert.throws(() => guideSteps(page('```ini', ...lines.slice(0, 3), '```')), /one ExecStart/);
});

test('the run steps of a CI job have its variables and a shell of their own', () => {
  const text = page(
    'In CI:',
    '```yaml',
    'jobs:',
    '  build:',
    '    env:',
    '      GOFLAGS: -mod=readonly',
    '    steps:',
    '      - uses: actions/cache@v4',
    '        with:',
    '          key: ${{ runner.os }}',
    '      - run: rondo version',
    '      - name: build',
    '        run: |',
    '          rondo exec -- \\',
    '            go build ./...',
    '',
    '          go vet ./...',
    '      - run: "true"',
    '```',
  );
  const env = "export GOFLAGS='-mod=readonly'\n";
  assert.deepEqual(guideSteps(text), [
    { kind: 'run', line: 11, script: `${env}rondo version`, fresh: true },
    {
      kind: 'run',
      line: 13,
      script: `${env}rondo exec -- \\\n  go build ./...\n\ngo vet ./...`,
      fresh: true,
    },
    { kind: 'run', line: 18, script: `${env}"true"`, fresh: true },
  ]);
});

test('what a Prometheus would scrape is asked for once', () => {
  const lines = [
    'scrape_configs:',
    '  - job_name: rondo',
    '    static_configs:',
    '      - targets: ["a.example:7070"]',
  ];
  const scrape = (...more: string[]) => guideSteps(page('```yaml', ...lines, ...more, '```'));
  assert.deepEqual(scrape(), [
    { kind: 'run', line: 1, script: 'curl -fsS http://a.example:7070/metrics', fresh: true },
  ]);
  const [tls] = scrape(
    '    scheme: https',
    '    metrics_path: /m',
    '    tls_config:',
    '      ca_file: /etc/ca.pem',
  );
  assert.ok(tls?.kind === 'run');
  assert.equal(tls.script, 'curl -fsS --cacert /etc/ca.pem https://a.example:7070/m');
  assert.throws(
    () => guideSteps(page('```yaml', 'scrape_configs:', '```')),
    /^Error: line 1: there is no targets/,
  );
});

test('what could not be tested is refused, with its line', () => {
  const bad: [RegExp, ...string[]][] = [
    [/^Error: line 2: a `console` block/, 'x', '```console', '$ ls', '```'],
    [/^Error: line 1: a `` block/, '```', 'ls', '```'],
    [/^Error: line 1: the block is empty/, '```sh', '```'],
    [/^Error: line 1: the block does not end/, '```sh', 'ls'],
    [/^Error: line 1: there is no command/, '```text', 'out', '```'],
    [
      /^Error: line 7: there is no command/,
      '```sh',
      'a',
      '```',
      '```text',
      'o',
      '```',
      '```text',
      'o',
      '```',
    ],
    [/^Error: line 1: there is no run:/, '```yaml', 'a: b', '```'],
    [/^Error: line 2: only the CI system/, '```yaml', '- run: echo ${{ a }}', '```'],
  ];
  for (const [message, ...lines] of bad) assert.throws(() => guideSteps(page(...lines)), message);
});
