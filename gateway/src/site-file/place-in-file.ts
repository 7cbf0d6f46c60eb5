import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type LineCounter } from "yaml";
import type { Fault } from "./fault.ts";

/** Both count from 1. */
export type PlaceInFile = { readonly line: number; readonly column: number };

/** Where a fault stands in the text, or the nearest thing around it when what is meant is missing. */
export function placeInFile(
  document: Document,
  lines: LineCounter,
  { path, isName = false }: Pick<Fault, "path" | "isName">,
): PlaceInFile {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const { name, content } = inside(isAlias(node) ? node.resolve(document) : node, step);
    const isLast = depth === path.length - 1;
    offset = startOf(isLast && isName ? name : content) ?? startOf(name) ?? offset;
    node = content;
  }
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function inside(node: unknown, step: PropertyKey): { name?: unknown; content?: unknown } {
  if (isSeq(node)) return { content: node.items[Number(step)] };
  if (!isMap(node)) return {};
  const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === step);
  return { name: pair?.key, content: pair?.value };
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
