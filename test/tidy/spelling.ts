import { posix } from 'node:path';
import type { Finding } from './finding.ts';
import { type AstNode, isNode, nameOf, type Source, walk } from './source.ts';

const RULE = 'spelling';
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.(tsx?|mjs)$/;

/** Finds file names that are not kebab-case or say nothing, and barrels. */
export function checkFileNames(sources: readonly Source[], emptyNames: ReadonlySet<string>): Finding[] {
  const findings: Finding[] = [];
  for (const { path, program } of sources) {
    const add = (message: string): void => void findings.push({ file: path, line: 1, rule: RULE, message });
    const base = posix.basename(path);
    if (!KEBAB.test(base)) add(`name files in kebab-case, not ${base}`);
    const words = [...posix.dirname(path).split('/'), base.replace(/\..*$/, '')];
    const empty = words.find((word) => emptyNames.has(word));
    if (empty !== undefined) add(`\`${empty}\` says nothing: name it by the noun or verb that it is about`);
    const body = program['body'] as AstNode[];
    if (body.length > 0 && body.every((node) => isNode(node['source']) && node.type.startsWith('Export')))
      add('a file of nothing but re-exports is a barrel: import from the files themselves');
  }
  return findings;
}

/** Finds syntax that does not strip or that the style excludes. */
export function checkSyntax(sources: readonly Source[]): Finding[] {
  const findings: Finding[] = [];
  for (const source of sources) {
    walk(source.program, (node) => {
      const message = judge(node);
      if (message !== undefined)
        findings.push({ file: source.path, line: source.lineOf(node.start), rule: RULE, message });
    });
  }
  return findings;
}

function judge(node: AstNode): string | undefined {
  switch (node.type) {
    case 'ExportDefaultDeclaration':
    case 'TSExportAssignment':
      return 'no default exports: export it by name';
    case 'ExportSpecifier':
      return nameOf(node['exported']) === 'default' ? 'no default exports: export it by name' : undefined;
    case 'TSEnumDeclaration':
      return 'no enum (it does not strip): a union of strings, or an object `as const`';
    case 'TSModuleDeclaration':
      return nameOf(node['id']) !== undefined && node['kind'] !== 'global'
        ? 'no namespace (it does not strip): a file is the namespace'
        : undefined;
    case 'TSParameterProperty':
      return 'no parameter properties (they do not strip): declare the field and assign it';
    case 'TSImportEqualsDeclaration':
      return 'no `import =` (it does not strip): use `import … from`';
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      return /^I[A-Z][a-z]/.test(nameOf(node['id']) ?? '')
        ? `no I prefix: name ${nameOf(node['id'])} by what it is`
        : undefined;
    default:
      return undefined;
  }
}
