import { type Comment, parseSync } from 'oxc-parser';

/** A node of the syntax tree (ESTree with TypeScript), seen loosely: rules look at a few kinds only. */
export type AstNode = {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
};

/** One parsed source file. */
export type Source = {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly program: AstNode;
  readonly comments: readonly Comment[];
  /** The line, from 1, of an offset. */
  lineOf(offset: number): number;
};

/** Parses TypeScript or JavaScript. Throws an Error that names the file if the text does not parse. */
export function parseSource(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors.map(({ message }) => message).join('; ')}`);
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const lineOf = (offset: number): number => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? Infinity) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
  return { path, text, program: program as unknown as AstNode, comments, lineOf };
}

/** Whether a value found in the tree is a node. */
export function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && typeof (value as AstNode).type === 'string';
}

/**
 * Visits a node and everything below it, outer first. `visit` gets the way down to the node, nearest
 * parent last; returning false leaves out what is below.
 */
export function walk(
  node: AstNode,
  visit: (node: AstNode, parents: readonly AstNode[]) => boolean | void,
  parents: readonly AstNode[] = [],
): void {
  if (visit(node, parents) === false) return;
  const below = [...parents, node];
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, visit, below);
  }
}

/** The name of an identifier, or undefined for any other node. */
export function nameOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Identifier' ? (node['name'] as string) : undefined;
}

/** Whether a file is a test, which is not held to the rules about effects, docstrings and use. */
export function isTest(path: string): boolean {
  return path.endsWith('.test.ts');
}
