import type { Finding } from './finding.ts';
import { type AstNode, isNode, isTest, nameOf, type Source, walk } from './source.ts';

/** What people read: the methods of a command's context, and what writes for them. */
const SINKS: ReadonlySet<string> = new Set(
  'words tell warn data confirm formatTable formatWarning shownLine'.split(' '),
);

/** Methods whose arguments are looked for, and not shown. */
const ASKS: ReadonlySet<string> = new Set(
  'includes startsWith endsWith indexOf split replace replaceAll test exec match get has padEnd padStart join localeCompare stringify parse'.split(
    ' ',
  ),
);

/** The words of a sentence, which stand in the tables or are looked up there, by the argument that they are. */
const SENTENCES: Readonly<Record<string, readonly number[]>> = {
  say: [0],
  many: [1, 2],
  knownWords: [0, 1],
  originText: [0],
};

/** Types whose values are of a format, e.g. `file F:3` of `config show`: the same in every language. */
const FORMATS: ReadonlySet<string> = new Set(['Origin']);

/** A command to type, up to where it is followed by words. */
const COMMAND =
  /\b(?:rondo|go|git|mkdir|mv|rm|cp|export|unset|set|env|eval|source|curl|openssl|chmod|chown|sudo|kill)\b(?: (?:-{1,2}\S*|\{\}|\S*[{}/.@="$]\S*|[A-Z]{2,}\S*|(?:serve|exec|sync|doctor|why|toolchain|install|env|config|show|check|trust|docs|cache|ls|gc|verify|seal|purge|import|export|rm|init|mirrors|drain|set|completion|bash|mod|tidy|download|vendor|build|get|list|clean|work|version)\b))*/g;

/**
 * Finds English for people that is not said through the tables (`say`, `many`): literals that go into the methods of a
 * command's context, into tables, or into a RondoError. What a name of the same file stands for, and what a function of
 * the same file returns, is followed; what comes from another file is not.
 */
export function checkLanguage(sources: readonly Source[]): Finding[] {
  return sources
    .filter(({ path }) => path.startsWith('src/') && !isTest(path))
    .flatMap((source) => {
      const said = new Set<AstNode>();
      const follow = follower(source, said);
      walk(source.program, (node) => {
        for (const argument of shownBy(node)) follow(argument);
      });
      return [...said]
        .toSorted((a, b) => a.start - b.start)
        .map((node) => {
          const message = `${textOf(node)} is English for people: say('…'), with its Chinese in src/words`;
          return { file: source.path, line: source.lineOf(node.start), rule: 'language', message };
        });
    });
}

/** Whether a text has words of a sentence: two in a row, or one beside a slot (`{}`). Commands are none. */
export function isProse(text: string): boolean {
  const rest = text.replaceAll(/`[^`]*`/g, '').replaceAll(COMMAND, ' · ');
  return (
    /(?<![\w./=@<-])[a-z]{2,}[,;:]? (?:a )?[a-z]{2,}(?![\w/=@>])/i.test(rest) ||
    /(?<=\} |, )[a-z]{3,}(?=$|[ ,;:])|^[a-z]{3,}[:,]? \{/.test(rest)
  );
}

function shownBy(node: AstNode): readonly AstNode[] {
  const list = (node['arguments'] ?? []) as AstNode[];
  if (node.type === 'NewExpression') return nameOf(node['callee']) === 'RondoError' ? list.slice(1) : [];
  return node.type === 'CallExpression' && SINKS.has(calledName(node)) && !isOfLog(node) ? list : [];
}

/** `log.warn(…)`: a log is in English. */
function isOfLog({ callee }: AstNode): boolean {
  return isNode(callee) && callee.type === 'MemberExpression' && nameOf(callee['object']) === 'log';
}

/** `tell` of `tell(…)` and of `context.tell(…)`. */
function calledName({ callee }: AstNode): string {
  if (isNode(callee) && callee.type === 'MemberExpression') return nameOf(callee['property']) ?? '';
  return nameOf(callee) ?? '';
}

/** Adds to `said` the prose that an expression may come to. */
function follower(source: Source, said: Set<AstNode>): (node: unknown) => void {
  const meanings = meaningsIn(source);
  const seen = new Set<AstNode>();
  const follow = (node: unknown): void => {
    if (!isNode(node) || seen.has(node)) return;
    seen.add(node);
    switch (node.type) {
      case 'Literal':
      case 'TemplateLiteral':
        if (isProse(plainOf(node))) said.add(node);
        followAll(node['expressions']);
        return;
      case 'Identifier':
        followAll(meanings.get(nameOf(node) ?? ''));
        return;
      case 'CallExpression':
        followCall(node);
        return;
      case 'ConditionalExpression':
        followAll([node['consequent'], node['alternate']]);
        return;
      case 'LogicalExpression':
        followAll(node['operator'] === '&&' ? [node['right']] : [node['left'], node['right']]);
        return;
      case 'BinaryExpression':
        if (node['operator'] === '+') followAll([node['left'], node['right']]);
        return;
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
      case 'FunctionDeclaration':
        followAll(returnsOf(node));
        return;
      case 'ObjectExpression':
        followAll((node['properties'] as AstNode[]).map((each) => each['value'] ?? each['argument']));
        return;
      case 'ArrayExpression':
        followAll(node['elements']);
        return;
      default:
        followAll([node['argument'], node['expression']]);
    }
  };
  const followAll = (nodes: unknown): void => {
    for (const node of Array.isArray(nodes) ? (nodes as unknown[]) : []) follow(node);
  };
  const followCall = (node: AstNode): void => {
    const name = calledName(node);
    const inTables = SENTENCES[name] ?? [];
    const list = node['arguments'] as AstNode[];
    if (!ASKS.has(name)) followAll(list.filter((_, index) => !inTables.includes(index)));
    const { callee } = node;
    if (isNode(callee) && callee.type === 'MemberExpression') {
      if (nameOf(callee['object']) !== 'JSON') follow(callee['object']);
    } else follow(callee);
  };
  return follow;
}

/** What each name of a file may stand for: what it is declared as, assigned, and what is pushed to it. */
function meaningsIn(source: Source): ReadonlyMap<string, AstNode[]> {
  const meanings = new Map<string, AstNode[]>();
  const add = (name: string | undefined, nodes: readonly unknown[]): void => {
    if (name !== undefined) meanings.set(name, [...(meanings.get(name) ?? []), ...nodes.filter(isNode)]);
  };
  walk(source.program, (node) => {
    if (node.type === 'VariableDeclarator') {
      if (!isOfFormat(node['id'])) add(nameOf(node['id']), [node['init']]);
    } else if (node.type === 'FunctionDeclaration') add(nameOf(node['id']), [node]);
    else if (node.type === 'AssignmentExpression') add(nameOf(node['left']), [node['right']]);
    else if (node.type === 'CallExpression' && calledName(node) === 'push') {
      const { callee } = node;
      if (isNode(callee)) add(nameOf(callee['object']), node['arguments'] as AstNode[]);
    }
  });
  return meanings;
}

/** Whether a name is declared with a type of FORMATS. */
function isOfFormat(id: unknown): boolean {
  const annotation =
    isNode(id) && isNode(id['typeAnnotation']) ? id['typeAnnotation']['typeAnnotation'] : undefined;
  return isNode(annotation) && FORMATS.has(nameOf(annotation['typeName']) ?? '');
}

/** What a function may return: its expression, or those of its own return statements. */
function returnsOf(fn: AstNode): readonly unknown[] {
  const { body } = fn;
  if (!isNode(body) || body.type !== 'BlockStatement') return [body];
  const found: unknown[] = [];
  walk(body, (node) => {
    if (/Function/.test(node.type)) return false;
    if (node.type === 'ReturnStatement') found.push(node['argument']);
    return true;
  });
  return found;
}

/** A literal's text, each expression in it as `{}`. */
function plainOf(node: AstNode): string {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : '';
  const parts = (node['quasis'] as AstNode[]).map(({ value }) => (value as { cooked?: string }).cooked ?? '');
  return parts.join('{}');
}

function textOf(node: AstNode): string {
  return `'${plainOf(node).replaceAll('\n', '\\n')}'`;
}
