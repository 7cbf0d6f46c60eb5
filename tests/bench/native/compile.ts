import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export type Compiled = {
  readonly registerServer: string;
  readonly libmodbusReads: string;
  remove(): Promise<void>;
};

/** The C programs of this folder, made in a temporary one. Throws and says what is to be installed. */
export async function compiled(): Promise<Compiled> {
  await need("gcc", ["--version"], "gcc", "gcc");
  await need("taskset", ["--version"], "taskset", "util-linux");
  await need("pkg-config", ["--version"], "pkg-config", "pkg-config");
  await need(
    "pkg-config",
    ["--exists", "libmodbus"],
    "libmodbus with its headers",
    "libmodbus-dev",
  );
  const { stdout } = await run("pkg-config", ["--cflags", "--libs", "libmodbus"]);
  const folder = await mkdtemp(join(tmpdir(), "sunledger-native-"));
  const make = async (name: string, flags: readonly string[]) => {
    const program = join(folder, name);
    const source = join(import.meta.dirname, `${name}.c`);
    await run("gcc", ["-O2", "-Wall", "-Werror", "-o", program, source, ...flags]);
    return program;
  };
  return {
    registerServer: await make("register-server", []),
    libmodbusReads: await make("libmodbus-reads", stdout.trim().split(/\s+/)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function need(program: string, args: readonly string[], what: string, from: string) {
  try {
    await run(program, [...args]);
  } catch (cause) {
    const text = `this benchmark needs ${what}: on Debian, apt-get install ${from}`;
    throw new Error(text, { cause });
  }
}
