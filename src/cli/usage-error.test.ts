import '../../test/support/loopback-only.ts';
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { commandContext } from '../../test/support/cli-context.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { GO_SYSTEMS } from '../gomod/go-platforms.ts';
import { ZH } from '../words/zh.ts';
import { RONDO } from './commands.ts';
import { exitCodeOf } from './exit-code.ts';
import { meantBy } from './meant-by.ts';
import { formatError } from './print-error.ts';
import { run } from './program.ts';

/** A slip, and what is said of it: message and hint in English, and in Chinese. */
const SLIPS: readonly (readonly [line: string, english: string, chinese: string])[] = [
  ['srve', "unknown command 'srve' | did you mean serve?", "未知命令 'srve' | 您是否想输入 serve？"],
  ['xyz', "unknown command 'xyz' | rondo --help", "未知命令 'xyz' | rondo --help"],
  [
    'gc',
    "unknown command 'gc' | did you mean rondo cache gc?",
    "未知命令 'gc' | 您是否想输入 rondo cache gc？",
  ],
  [
    'ls',
    "unknown command 'ls' | did you mean rondo toolchain ls or rondo cache ls?",
    "未知命令 'ls' | 您是否想输入 rondo toolchain ls 或 rondo cache ls？",
  ],
  [
    'comp',
    "unknown command 'comp' | did you mean completion?",
    "未知命令 'comp' | 您是否想输入 completion？",
  ],
  ['hlep', "unknown command 'hlep' | did you mean help?", "未知命令 'hlep' | 您是否想输入 help？"],
  ['help snyc', "unknown command 'snyc' | did you mean sync?", "未知命令 'snyc' | 您是否想输入 sync？"],
  [
    'help sync project',
    "unknown command 'project' | rondo sync --help",
    "未知命令 'project' | rondo sync --help",
  ],
  [
    'help sync --lnag',
    "unknown option '--lnag' | did you mean --lang?",
    "未知选项 '--lnag' | 您是否想输入 --lang？",
  ],
  [
    'cache verfiy',
    "unknown command 'verfiy' | did you mean verify?",
    "未知命令 'verfiy' | 您是否想输入 verify？",
  ],
  [
    'config help chek',
    "unknown command 'chek' | did you mean check?",
    "未知命令 'chek' | 您是否想输入 check？",
  ],
  [
    'mirrors drian a',
    "unknown command 'drian' | did you mean drain?",
    "未知命令 'drian' | 您是否想输入 drain？",
  ],
  [
    'config',
    'rondo config needs one of show, check, trust, docs | rondo config --help',
    'rondo config 需要以下之一：show, check, trust, docs | rondo config --help',
  ],
  [
    'serve --prot 1',
    "unknown option '--prot' | did you mean --port?",
    "未知选项 '--prot' | 您是否想输入 --port？",
  ],
  [
    'serve -port 1',
    "unknown option '-port' | did you mean --port?",
    "未知选项 '-port' | 您是否想输入 --port？",
  ],
  [
    'serve --prot=1',
    "unknown option '--prot=1' | did you mean --port?",
    "未知选项 '--prot=1' | 您是否想输入 --port？",
  ],
  [
    'sync --cache x',
    "unknown option '--cache' | did you mean --cache-dir?",
    "未知选项 '--cache' | 您是否想输入 --cache-dir？",
  ],
  ['sync -x', "unknown option '-x' | rondo sync --help", "未知选项 '-x' | rondo sync --help"],
  ['--port 1', "unknown option '--port' | rondo --help", "未知选项 '--port' | rondo --help"],
  [
    '--versoin',
    "unknown option '--versoin' | did you mean --version?",
    "未知选项 '--versoin' | 您是否想输入 --version？",
  ],
  [
    'serve --port',
    'option --port needs a value | rondo serve --help',
    '选项 --port 需要一个值 | rondo serve --help',
  ],
  [
    'exec --cache-dir -- true',
    'option --cache-dir needs a value | rondo exec --help',
    '选项 --cache-dir 需要一个值 | rondo exec --help',
  ],
  ['--lang', 'option --lang needs a value | rondo --help', '选项 --lang 需要一个值 | rondo --help'],
  [
    'exec',
    "missing required argument 'command' | rondo exec --help",
    "缺少必需的参数 'command' | rondo exec --help",
  ],
  [
    'config check',
    "missing required argument 'file' | rondo config check --help",
    "缺少必需的参数 'file' | rondo config check --help",
  ],
  [
    'version a',
    "too many arguments for 'version'. Expected 0 arguments but got 1: a | rondo version --help",
    "'version' 的参数过多：应为 0 个，实际为 1 个：a | rondo version --help",
  ],
  [
    'doctor a b',
    "too many arguments for 'doctor'. Expected 1 argument but got 2: a, b | rondo doctor --help",
    "'doctor' 的参数过多：应为 1 个，实际为 2 个：a, b | rondo doctor --help",
  ],
  [
    'serve --port 70000',
    "option '--port <number>' argument '70000' is invalid. It is a number from 0 to 65535 | rondo serve --help",
    "选项 '--port <number>' 的值 '70000' 无效：应为 0 到 65535 之间的数字 | rondo serve --help",
  ],
  [
    'serve --host http://x',
    "option '--host <host>' argument 'http://x' is invalid. It is an address or a name, without a port | rondo serve --help",
    "选项 '--host <host>' 的值 'http://x' 无效：应为地址或主机名，不带端口 | rondo serve --help",
  ],
  [
    'sync --jobs 0',
    "option '--jobs <number>' argument '0' is invalid. It is a number from 1 to 256 | rondo sync --help",
    "选项 '--jobs <number>' 的值 '0' 无效：应为 1 到 256 之间的数字 | rondo sync --help",
  ],
  [
    'sync --every 8d',
    "option '--every <duration>' argument '8d' is invalid. It is a duration of at most 7d, for example 1h | rondo sync --help",
    "选项 '--every <duration>' 的值 '8d' 无效：应为不超过 7d 的时长，如 1h | rondo sync --help",
  ],
  [
    'cache gc --max-size 5',
    "option '--max-size <size>' argument '5' is invalid. It is 0, or a size from 1MiB to 1024TiB with its unit, like 10GiB | rondo cache gc --help",
    "选项 '--max-size <size>' 的值 '5' 无效：应为 0，或 1MiB 到 1024TiB 之间带单位的大小，如 10GiB | rondo cache gc --help",
  ],
  [
    'cache gc --min-free much',
    "option '--min-free <size>' argument 'much' is invalid. It is 0, or a size from 0B to 1024TiB with its unit, like 10GiB | rondo cache gc --help",
    "选项 '--min-free <size>' 的值 'much' 无效：应为 0，或 0B 到 1024TiB 之间带单位的大小，如 10GiB | rondo cache gc --help",
  ],
  [
    'cache ls --sort nmae',
    "option '--sort <order>' argument 'nmae' is invalid. It is one of name, size, last | did you mean name?",
    "选项 '--sort <order>' 的值 'nmae' 无效：应为以下之一：name，size，last | 您是否想输入 name？",
  ],
  [
    'env --shell powershell',
    "option '--shell <name>' argument 'powershell' is invalid. It is one of bash, zsh, fish, pwsh, sh | did you mean pwsh?",
    "选项 '--shell <name>' 的值 'powershell' 无效：应为以下之一：bash，zsh，fish，pwsh，sh | 您是否想输入 pwsh？",
  ],
  [
    'env --shell dash',
    "option '--shell <name>' argument 'dash' is invalid. It is one of bash, zsh, fish, pwsh, sh | did you mean sh?",
    "选项 '--shell <name>' 的值 'dash' 无效：应为以下之一：bash，zsh，fish，pwsh，sh | 您是否想输入 sh？",
  ],
  [
    'toolchain install 1.26.8 --os macOS',
    `option '--os <name>' argument 'macOS' is invalid. It is one of ${GO_SYSTEMS.join(', ')} | did you mean darwin?`,
    `选项 '--os <name>' 的值 'macOS' 无效：应为以下之一：${GO_SYSTEMS.join('，')} | 您是否想输入 darwin？`,
  ],
  ...['zh_CN', 'cn', '中文'].flatMap((word) =>
    [`sync --lang ${word}`, `help --lang=${word}`, `--lang ${word}`].map((line): [string, string, string] => [
      line,
      `option '--lang <language>' argument '${word}' is invalid. It is one of en, zh | did you mean zh?`,
      `选项 '--lang <language>' 的值 '${word}' 无效：应为以下之一：en，zh | 您是否想输入 zh？`,
    ]),
  ),
  [
    'sync --lang fr',
    "option '--lang <language>' argument 'fr' is invalid. It is one of en, zh | rondo sync --help",
    "选项 '--lang <language>' 的值 'fr' 无效：应为以下之一：en，zh | rondo sync --help",
  ],
  [
    'completion pwsh',
    'there is no completion for pwsh | did you mean powershell?',
    '没有适用于 pwsh 的补全脚本 | 您是否想输入 powershell？',
  ],
  [
    'config show --set cache.holt=1s',
    '--set cache.holt: there is no such key | did you mean cache.hold?',
    '--set cache.holt：没有这个键 | 您是否想输入 cache.hold？',
  ],
  [
    'config show --set cache',
    '--set cache is not of the form key=value | for example --set cache.hold=10s',
    '--set cache 不是 key=value 的形式 | 例如 --set cache.hold=10s',
  ],
];

test('every slip is told in both languages, with what was meant, and ends with 2', async () => {
  for (const [line, english, chinese] of SLIPS) {
    const { context, stdout } = commandContext({ env: {}, cwd: tmpdir(), home: tmpdir() });
    const error = await run(line.split(' '), context).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof RondoError, line);
    assert.deepEqual([error.code, exitCodeOf(error), stdout()], ['E_USAGE', 2, ''], line);
    assert.equal(`${error.message} | ${error.hint}`, english, line);
    const shown = formatError(error, { color: false, verbose: false, table: ZH });
    assert.equal(shown.replace('错误：', '').replace(' (E_USAGE)\n提示：', ' | ').trimEnd(), chinese, line);
  }
});

test('help in every way to ask for it, and the options of all commands anywhere', async () => {
  const lines: [line: string, usage: string][] = [
    ['', 'rondo [options]'],
    ['--no-color', 'rondo [options]'],
    ['help', 'rondo [options]'],
    ['help help', 'rondo [options]'],
    ['--help', 'rondo [options]'],
    ['help sync', 'rondo sync'],
    ['help sync --verbose', 'rondo sync'],
    ['help sync --jobs 3', 'rondo sync'],
    ['--lang en help sync', 'rondo sync'],
    ['sync --help', 'rondo sync'],
    ['--no-color sync -h', 'rondo sync'],
    ['help cache', 'rondo cache [command]'],
    ['help cache ls', 'rondo cache ls'],
    ['cache help ls', 'rondo cache ls'],
    ['cache help', 'rondo cache [command]'],
    ['cache ls --help', 'rondo cache ls'],
    ['mirrors help', 'rondo mirrors [options] [command]'],
  ];
  for (const [line, usage] of lines) {
    const { context, stdout, stderr } = commandContext({ env: {}, cwd: tmpdir(), home: tmpdir() });
    assert.equal(
      await run(
        line.split(' ').filter((word) => word !== ''),
        context,
      ),
      0,
      line,
    );
    assert.ok(stdout().includes(`\nUsage: ${usage}`), line);
    assert.equal(stderr(), '', line);
  }
});

test('what was meant: a beginning, an abbreviation, else the nearest', () => {
  const shells = ['bash', 'zsh', 'fish', 'powershell'];
  const rows: [string, readonly string[], string | undefined][] = [
    ['pwsh', shells, 'powershell'],
    ['powershell', ['bash', 'pwsh'], 'pwsh'],
    ['po', shells, 'powershell'],
    ['fish3', shells, 'fish'],
    ['bsh', shells, 'bash'],
    ['co', ['config', 'completion'], undefined],
    ['', shells, undefined],
    ['nothing-like-it', shells, undefined],
  ];
  for (const [word, names, meant] of rows) assert.equal(meantBy(word, names), meant, word);
});

test('every command takes --lang', () => {
  const specs = (RONDO.commands ?? []).flatMap((spec) => [spec, ...(spec.commands ?? [])]);
  for (const { name, options = [] } of specs.filter((spec) => 'run' in spec))
    assert.ok(
      options.some(({ syntax }) => syntax === '--lang <language>'),
      `${name} has no --lang`,
    );
});
