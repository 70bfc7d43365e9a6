import type { Finding } from './finding.ts';
import { importsOf } from './imports.ts';
import type { Effect } from './rules.ts';
import { type AstNode, isNode, isTest, nameOf, type Source, walk } from './source.ts';

/** Finds effects (files, sockets, processes, clocks) outside the places that may have them. Tests may. */
export function checkEffects(
  sources: readonly Source[],
  effects: readonly Effect[],
  pureNames: ReadonlySet<string>,
): Finding[] {
  const findings: Finding[] = [];
  for (const source of sources) {
    if (!source.path.startsWith('src/') || isTest(source.path)) continue;
    const forbidden = effects.filter(({ places }) => !places.some((p) => source.path.startsWith(`src/${p}`)));
    const add = (line: number, what: string, { name, instead }: Effect): void => {
      const message = `${what} is ${name}, which has no place here: ${instead} (EFFECTS in test/tidy/rules.ts)`;
      findings.push({ file: source.path, line, rule: 'effects', message });
    };
    for (const { specifier, typeOnly, names, line } of importsOf(source)) {
      if (typeOnly || names.every((name) => pureNames.has(name))) continue;
      const effect = forbidden.find(({ modules }) => modules?.includes(withScheme(specifier)));
      if (effect !== undefined) add(line, specifier, effect);
    }
    for (const { name, line } of globalsOf(source)) {
      const effect = forbidden.find(({ globals }) => globals?.includes(name));
      if (effect !== undefined) add(line, name, effect);
    }
  }
  return findings;
}

/** `fs` and `node:fs` are one module. */
function withScheme(specifier: string): string {
  return /^(fs|net|tls|https?|http2|dgram|dns|timers|process|child_process)(\/|$)/.test(specifier)
    ? `node:${specifier}`
    : specifier;
}

/**
 * Uses of what the file does not itself declare, as EFFECTS writes them: `f` for calls and mentions of a
 * bare name, `object.member`, `Date()` for `new Date()` without arguments. A name that the file declares anywhere, in
 * whatever scope, counts as its own: simple, and wrong only for code that shadows a global.
 */
export function globalsOf(source: Source): { name: string; line: number }[] {
  const own = declaredNames(source);
  const found: { name: string; line: number }[] = [];
  walk(source.program, (node, parents) => {
    if (isTypeOnly(node)) return false;
    const line = source.lineOf(node.start);
    const parent = parents.at(-1);
    if (node.type === 'MemberExpression') {
      const object = globalObject(node['object'], own);
      const member = node['computed'] === true ? literalOf(node['property']) : nameOf(node['property']);
      if (object !== undefined && member !== undefined) found.push({ name: `${object}.${member}`, line });
    } else if (
      node.type === 'VariableDeclarator' &&
      isNode(node['id']) &&
      node['id'].type === 'ObjectPattern'
    ) {
      const object = globalObject(node['init'], own);
      for (const property of node['id']['properties'] as AstNode[])
        if (object !== undefined) found.push({ name: `${object}.${nameOf(property['key']) ?? ''}`, line });
    } else if (node.type === 'NewExpression' && nameOf(node['callee']) === 'Date' && !own.has('Date')) {
      if ((node['arguments'] as AstNode[]).length === 0) found.push({ name: 'Date()', line });
    } else if (node.type === 'Identifier' && parent !== undefined && isReference(node, parent)) {
      const name = nameOf(node) ?? '';
      if (!own.has(name)) found.push({ name, line });
    }
    return true;
  });
  return found;
}

/** `process` and `globalThis.process` alike. */
function globalObject(node: unknown, own: ReadonlySet<string>): string | undefined {
  const name = nameOf(node);
  if (name !== undefined) return own.has(name) ? undefined : name;
  if (isNode(node) && node.type === 'MemberExpression' && nameOf(node['object']) === 'globalThis')
    return nameOf(node['property']);
  return undefined;
}

function literalOf(node: unknown): string | undefined {
  return isNode(node) && typeof node['value'] === 'string' ? node['value'] : undefined;
}

/** Types vanish; of TypeScript's nodes only a few hold expressions. */
function isTypeOnly(node: AstNode): boolean {
  return (
    node.type.startsWith('TS') &&
    !/^TS(AsExpression|SatisfiesExpression|NonNullExpression|InstantiationExpression|ParameterProperty)$/.test(
      node.type,
    )
  );
}

/** Whether an identifier is read, not the name of a property, a key or an import. */
function isReference(node: AstNode, parent: AstNode): boolean {
  if (parent.type === 'MemberExpression') return parent['object'] === node || parent['computed'] === true;
  if (/^(Property|MethodDefinition|PropertyDefinition|AccessorProperty)$/.test(parent.type))
    return parent['key'] !== node || parent['computed'] === true;
  return !/^(Import|Export).*Specifier$|^(Labeled|Break|Continue)Statement$/.test(parent.type);
}

function declaredNames(source: Source): Set<string> {
  const names = new Set<string>();
  const addPattern = (pattern: unknown): void => {
    if (!isNode(pattern)) return;
    walk(pattern, (node, parents) => {
      const name = nameOf(node);
      const isKey = parents.at(-1)?.['key'] === node && parents.at(-1)?.['value'] !== node;
      if (name !== undefined && !isKey) names.add(name);
      // A default value is an expression, a type says nothing.
      return !isTypeOnly(node);
    });
  };
  walk(source.program, (node) => {
    if (node.type === 'VariableDeclarator') addPattern(withoutDefault(node['id']));
    else if (/^Import.*Specifier$/.test(node.type)) addPattern(node['local']);
    else if (/^(Function|Class)/.test(node.type)) addPattern(node['id']);
    for (const parameter of (node['params'] ?? []) as AstNode[]) addPattern(withoutDefault(parameter));
    if (node.type === 'CatchClause') addPattern(node['param']);
  });
  return names;
}

/** `a = Date.now()` as a parameter declares `a` alone. */
function withoutDefault(pattern: unknown): unknown {
  return isNode(pattern) && pattern.type === 'AssignmentPattern' ? pattern['left'] : pattern;
}
