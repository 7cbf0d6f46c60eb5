import { readFileSync } from "node:fs";
import { ConfigError } from "@sunledger/runtime";
import { LineCounter, parseDocument } from "yaml";
import { GatewayConfig } from "../config.ts";
import type { Profiles } from "../profiles/load-profiles.ts";
import { type Fault, pathText } from "./fault.ts";
import { placeInFile } from "./place-in-file.ts";
import { ruleFaults } from "./rules.ts";
import { shapeFaults } from "./shape-faults.ts";

/**
 * Reads a gateway's file. Throws a `ConfigError` that names everything that is wrong: a line for each
 * fault with its place in the text, its path, the reason and what to do.
 */
export function readGatewayConfig(file: string, profiles: Profiles): GatewayConfig {
  const lines = new LineCounter();
  const document = parseDocument(textOf(file), { lineCounter: lines, prettyErrors: false });
  const unreadable = document.errors.map(({ message, pos: [offset] }) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col} ${message}`;
  });
  // What stands in a broken file would be guessed: its faults would be guesses too.
  if (unreadable.length > 0) throw new ConfigError(unreadable.join("\n"));

  const content = contentOf(document, file);
  const faults = [...shapeFaults(content), ...ruleFaults(content, profiles)];
  if (faults.length === 0) return GatewayConfig.parse(content);
  const placed = faults
    .map((fault) => ({ fault, ...placeInFile(document, lines, fault) }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
  const said = placed.map(({ fault, line, column }) => {
    return `${file}:${line}:${column} ${wordsOf(fault)}`;
  });
  throw new ConfigError(said.join("\n"));
}

function wordsOf({ path, reason, advice }: Fault): string {
  return `${pathText(path)}: ${reason}${advice ? ` – ${advice}` : ""}`;
}

function contentOf(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new ConfigError(`${file} refers to itself more than can be followed`, { cause });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError(`${file} cannot be read`, { cause: error });
  }
}
