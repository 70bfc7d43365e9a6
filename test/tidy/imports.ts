import { posix } from 'node:path';
import { type AstNode, isNode, type Source, walk } from './source.ts';

/** One use of another module. */
export type Import = {
  readonly specifier: string;
  /** Relative to the repository, if the specifier is relative. */
  readonly target?: string;
  readonly line: number;
  /** Vanishes when types are stripped. */
  readonly typeOnly: boolean;
  /** `url` is `new URL('./x.ts', import.meta.url)`: a program to be started. */
  readonly form: 'static' | 'dynamic' | 'export' | 'type' | 'url';
  /** Imported names of values; `*` for all of them. */
  readonly names: readonly string[];
};

/** Everything that a source imports, re-exports, loads or names as a program, in the order of the text. */
export function importsOf(source: Source): Import[] {
  const found: Import[] = [];
  const add = (node: AstNode, literal: unknown, rest: Pick<Import, 'typeOnly' | 'form' | 'names'>): void => {
    const specifier = isNode(literal) ? literal['value'] : undefined;
    if (typeof specifier !== 'string') return;
    const line = source.lineOf(node.start);
    // A URL is relative without a dot too.
    const relative = rest.form === 'url' ? !specifier.includes(':') : specifier.startsWith('.');
    const target = relative ? posix.join(posix.dirname(source.path), specifier) : undefined;
    found.push({ specifier, line, ...rest, ...(target === undefined ? {} : { target }) });
  };
  walk(source.program, (node) => {
    switch (node.type) {
      case 'ImportDeclaration':
        add(node, node['source'], { form: 'static', ...named(node, 'importKind') });
        break;
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
        if (node['source'] !== null)
          add(node, node['source'], { form: 'export', ...named(node, 'exportKind') });
        break;
      case 'ImportExpression':
        add(node, node['source'], { form: 'dynamic', typeOnly: false, names: ['*'] });
        break;
      case 'TSImportType':
        add(node, node['source'], { form: 'type', typeOnly: true, names: [] });
        break;
      case 'NewExpression':
        if (isModuleUrl(node)) {
          const [literal] = node['arguments'] as AstNode[];
          add(node, literal, { form: 'url', typeOnly: false, names: [] });
        }
        break;
      default:
    }
  });
  return found;
}

/** Which names come as values, and whether any do. */
function named(node: AstNode, kind: 'importKind' | 'exportKind'): Pick<Import, 'typeOnly' | 'names'> {
  if (node[kind] === 'type') return { typeOnly: true, names: [] };
  const specifiers = (node['specifiers'] ?? []) as AstNode[];
  // `import './x.ts'` and `export * from` have no specifiers and run the module.
  if (specifiers.length === 0) return { typeOnly: false, names: ['*'] };
  const values = specifiers.filter((specifier) => specifier[kind] !== 'type');
  const names = values.map((specifier) => {
    const original = specifier['imported'] ?? specifier['local'];
    const one = specifier.type === 'ImportSpecifier' || specifier.type === 'ExportSpecifier';
    return one && isNode(original) ? ((original['name'] ?? original['value']) as string) : '*';
  });
  return { typeOnly: values.length === 0, names };
}

/** `new URL(<string>, import.meta.url)` of a source file. */
function isModuleUrl(node: AstNode): boolean {
  const [path, base] = node['arguments'] as AstNode[];
  const callee = node['callee'] as AstNode;
  return (
    callee['name'] === 'URL' &&
    typeof path?.['value'] === 'string' &&
    /\.m?[tj]s$/.test(path['value']) &&
    base?.type === 'MemberExpression' &&
    isNode(base['object']) &&
    base['object'].type === 'MetaProperty'
  );
}
