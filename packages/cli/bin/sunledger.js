#!/usr/bin/env node
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const main = new URL("../src/main.ts", import.meta.url);
if (Number.parseInt(process.versions.node, 10) >= 24) await import(main.href);
else runOnPinnedNode();

/** An older Node cannot run TypeScript: hand over to the one that was installed beside us. */
function runOnPinnedNode() {
  const node = pinnedNode();
  if (!node) {
    const have = `this is Node ${process.versions.node}`;
    process.stderr.write(`Sunledger needs Node 24 or newer, ${have}: install it and try again.\n`);
    process.exit(1);
  }
  // In a group of its own, so that Ctrl-C reaches it once, through us; the channel tells it when we die.
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    detached: process.platform !== "win32",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}

function pinnedNode() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const file = process.platform === "win32" ? "node.exe" : "node";
  try {
    return createRequire(import.meta.url).resolve(`node-${platform}-${process.arch}/bin/${file}`);
  } catch {
    return undefined;
  }
}
