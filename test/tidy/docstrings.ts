import type { Finding } from './finding.ts';
import { type AstNode, isNode, isTest, nameOf, type Source } from './source.ts';

/** Finds exported declarations without a docstring right above. Re-exports have theirs at the source. */
export function checkDocstrings(sources: readonly Source[]): Finding[] {
  return sources.filter(({ path }) => !isTest(path)).flatMap(checkSource);
}

function checkSource(source: Source): Finding[] {
  const body = source.program['body'] as AstNode[];
  const findings: Finding[] = [];
  const seen = new Set<string>();
  const require = (node: AstNode, names: readonly string[]): void => {
    // The second signature of an overloaded function continues the first.
    const undocumented = names.filter((name) => !seen.has(name));
    for (const name of names) seen.add(name);
    if (undocumented.length === 0 || hasDocstring(source, node)) return;
    const message = `${undocumented.join(', ')} is exported without a docstring: say what it promises, its units, what it throws`;
    findings.push({ file: source.path, line: source.lineOf(node.start), rule: 'docstrings', message });
  };
  for (const node of body) {
    if (node.type !== 'ExportNamedDeclaration' || node['source'] !== null) continue;
    if (isNode(node['declaration'])) require(node, declaredBy(node['declaration']));
    for (const specifier of node['specifiers'] as AstNode[]) {
      const name = nameOf(specifier['local']) ?? '';
      const declaration = body.find((other) => declaredBy(other).includes(name));
      if (declaration !== undefined) require(declaration, [name]);
    }
  }
  return findings;
}

function declaredBy(node: AstNode): string[] {
  const declarations = node.type === 'VariableDeclaration' ? (node['declarations'] as AstNode[]) : [node];
  return declarations.flatMap(({ id }) => nameOf(id) ?? []);
}

/** A `/**` comment above `node`, with nothing but blank space and other comments between. */
function hasDocstring({ text, comments }: Source, node: AstNode): boolean {
  let edge = node.start;
  for (const { type, value, start, end } of comments.toReversed()) {
    if (end > edge) continue;
    if (text.slice(end, edge).trim() !== '') return false;
    if (type === 'Block' && value.startsWith('*') && value.length > 4) return true;
    edge = start;
  }
  return false;
}
