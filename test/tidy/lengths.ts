import type { Finding } from './finding.ts';
import { type AstNode, isTest, nameOf, type Source, walk } from './source.ts';

/** The greatest sizes, in lines. */
export type Limits = { readonly fileLines: number; readonly functionLines: number };

const RULE = 'lengths';
const REASON = /^\s*tidy: long because \S.{8,}/;
const FUNCTION = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;
/** What a function may be the value of: a reason may stand above these as well. */
const HOLDER =
  /^(VariableDeclaration|Export\w+Declaration|MethodDefinition|PropertyDefinition|Property|ExpressionStatement|ReturnStatement)$/;

/** Finds files and functions that are too long. Functions may say why: `// tidy: long because …` right above. */
export function checkLengths(sources: readonly Source[], limits: Limits): Finding[] {
  return sources.flatMap((source) => [
    ...checkFile(source, limits.fileLines),
    ...checkFunctions(source, limits),
  ]);
}

function checkFile({ path, text }: Source, limit: number): Finding[] {
  const lines = text.trimEnd().split('\n').length;
  if (lines <= limit) return [];
  const message = `${lines} lines, at most ${limit}: split it by what it knows; a good file has 30 to 170`;
  return [{ file: path, line: limit + 1, rule: RULE, message }];
}

function checkFunctions(source: Source, { functionLines: limit }: Limits): Finding[] {
  const findings: Finding[] = [];
  const reasons = source.comments.filter(({ value }) => REASON.test(value));
  const reasonEnds = new Set(reasons.map(({ end }) => source.lineOf(end)));
  walk(source.program, (node, parents) => {
    if (!FUNCTION.test(node.type) || isGrouping(source, node, parents)) return;
    const line = source.lineOf(node.start);
    const lines = source.lineOf(node.end) - line + 1;
    if (lines <= limit) return;
    const beginnings = [line, ...holders(parents).map(({ start }) => source.lineOf(start))];
    if (beginnings.some((beginning) => reasonEnds.has(beginning - 1))) return;
    const message = `function ${nameIn(node, parents)} has ${lines} lines, at most ${limit}: split it, or write \`// tidy: long because …\` right above it`;
    findings.push({ file: source.path, line, rule: RULE, message });
  });
  return findings;
}

/** The declaration or statement around a function, as far as it holds nothing else. */
function holders(parents: readonly AstNode[]): AstNode[] {
  const found: AstNode[] = [];
  for (const parent of parents.toReversed()) {
    if (/^(BlockStatement|ClassBody|Program)$/.test(parent.type)) break;
    if (HOLDER.test(parent.type)) found.push(parent);
  }
  return found;
}

function nameIn(node: AstNode, parents: readonly AstNode[]): string {
  const parent = parents.at(-1);
  return nameOf(node['id']) ?? nameOf(parent?.['id']) ?? nameOf(parent?.['key']) ?? '(anonymous)';
}

/** `describe('…', () => { … })` in a test groups functions and is none. */
function isGrouping({ path }: Source, node: AstNode, parents: readonly AstNode[]): boolean {
  const call = parents.at(-1);
  if (!isTest(path) || call?.type !== 'CallExpression' || call['callee'] === node) return false;
  return ['describe', 'suite'].includes(nameOf(call['callee']) ?? '');
}
