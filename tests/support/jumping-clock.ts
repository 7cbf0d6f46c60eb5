import fs, { type PathLike, readFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/**
 * Loaded into a program before its own code (`node --import`): its wall clock is ahead of the machine's by
 * as many milliseconds as the file says that `TEST_CLOCK_FILE` names, from one moment to the next. Time that
 * nobody sets passes as ever. Nobody keeps that clock right: the mark is not there that the machine's keeper
 * leaves of its own, whose path `TEST_CLOCK_MARK` says.
 */
const { TEST_CLOCK_FILE: file, TEST_CLOCK_MARK: mark } = process.env;
const staleMs = 10;
let ahead = 0;
let readAt = Number.NEGATIVE_INFINITY;

function jumped(now: number): number {
  if (file === undefined) return now;
  const steady = performance.now();
  if (steady - readAt > staleMs) {
    readAt = steady;
    ahead = Number(readFileSync(file, "utf8"));
  }
  return now + ahead;
}

globalThis.Date = new Proxy(Date, {
  construct: (real, given, made) =>
    Reflect.construct(real, given.length === 0 ? [jumped(real.now())] : given, made),
  apply: (real) => new real(jumped(real.now())).toString(),
  get: (real, key, receiver) =>
    key === "now" ? () => jumped(real.now()) : Reflect.get(real, key, receiver),
});

const { existsSync } = fs;
Object.assign(fs, { existsSync: (path: PathLike) => path !== mark && existsSync(path) });
syncBuiltinESMExports();
