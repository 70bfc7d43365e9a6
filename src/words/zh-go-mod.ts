/** What is wrong in a go.mod or go.work, as go says it. */
export const ZH_GO_MOD = {
  '{path}:{place}: {why}': '{path}:{place}：{why}',
  'and {count} more': '另有 {count} 处',
  'mend that line; go mod tidy says what go makes of the file, and writes the exact versions':
    '请修正该行；go mod tidy 会指出 go 如何理解该文件，并写入确切的版本',
  'A line of go.mod or go.work cannot be read; go would refuse the file as well.':
    'go.mod 或 go.work 中有一行无法读取；go 也会拒绝该文件。',
  'Mend the line that the message names; `go mod tidy` writes exact versions.':
    '请修正消息指出的那一行；`go mod tidy` 会写入确切的版本。',
  'mod files must use // comments (not /* */ comments)': 'mod 文件须使用 // 注释（不能用 /* */ 注释）',
  'unexpected EOF in string': '字符串中意外遇到文件结尾',
  'unexpected newline in string': '字符串中意外遇到换行',
  'unexpected input character {character}': '意外的字符 {character}',
  'syntax error (unterminated block started at {place})': '语法错误（始于 {place} 的块没有结束）',
  'syntax error (expected newline after closing paren)': '语法错误（右括号之后应换行）',
  'missing module declaration': '缺少 module 声明',
  'repeated {verb} statement': '重复的 {verb} 语句',
  'unknown block type: {words}': '未知的块类型：{words}',
  'unknown directive: {verb}': '未知的指令：{verb}',
  'usage: {usage}': '用法：{usage}',
  'usage: {usage} or {other}': '用法：{usage} 或 {other}',
  '{verb} directive expects exactly one argument': '{verb} 指令只能有一个参数',
  "invalid go version '{version}': must match format 1.23.0": "无效的 go 版本 '{version}'：格式须如 1.23.0",
  "invalid toolchain version '{version}': must match format go1.23.0 or default":
    "无效的工具链版本 '{version}'：格式须如 go1.23.0，或为 default",
  'invalid quoted string: {why}': '无效的带引号字符串：{why}',
  'invalid syntax': '语法无效',
  'unquoted string cannot contain quote': '未加引号的字符串不能含有引号',
  'replace {module}: invalid module path': 'replace {module}：模块路径无效',
  'replacement module directory path {path} cannot have version': '替换目录 {path} 不能带版本',
  'replacement directory appears to be Windows path (on a non-windows system)':
    '替换目录像是 Windows 路径（当前不是 Windows 系统）',
  "replacement module must match format 'path version', not 'path@version'":
    "替换模块的格式须为 'path version'，而不是 'path@version'",
  'replacement module without version must be directory path (rooted or starting with . or ..)':
    '不带版本的替换模块须是目录路径（绝对路径，或以 . 或 .. 开头）',
  "expected '[' or version": "此处应为 '[' 或版本",
  'expected version after {token}': '{token} 之后应为版本',
  'expected {token} after version': '版本之后应为 {token}',
  'unexpected token after version: {token}': '版本之后有多余的内容：{token}',
  '{verb} {module}: version {version} invalid: {why}': '{verb} {module}：版本 {version} 无效：{why}',
  'malformed module path {path}': '模块路径 {path} 格式错误',
  'must be of the form v1.2.3': '格式须如 v1.2.3',
  'should be {wanted}, not {found}': '应为 {wanted}，而不是 {found}',
} as const;
