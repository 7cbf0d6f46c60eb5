import { execFile } from "node:child_process";
import { chown, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Binaries } from "./binaries.ts";
import { graveWords } from "./grave-words.ts";
import { exists } from "./home.ts";
import type { SystemUser } from "./system-user.ts";

const run = promisify(execFile);

/** The name of the server's own superuser; only this package signs in with it. */
export const superuser = "postgres";

/** The environment of every program of the server: nothing of ours. */
export const serverEnvironment = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

/** The server's data folder below `home`, made when absent; refused when another major version wrote it. */
export async function openDataFolder(
  home: string,
  { initdb, major }: Binaries,
  user: SystemUser | undefined,
  password: string,
): Promise<string> {
  const data = join(home, "server");
  if (await exists(data)) {
    await refuseOtherMajor(data, major);
    return data;
  }
  // initdb works in a folder of another name, so that one cut short is never taken for data.
  const part = join(home, "server.part");
  const passwordFile = join(home, "initdb-password");
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    if (user) {
      await chown(part, user.uid, user.gid);
      await chown(passwordFile, user.uid, user.gid);
    }
    await run(
      initdb,
      [
        ...["-D", part, "-U", superuser, `--pwfile=${passwordFile}`],
        ...["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"],
        ...["--data-checksums", "--no-instructions"],
      ],
      { cwd: "/", env: serverEnvironment, ...(user && { uid: user.uid, gid: user.gid }) },
    );
  } catch (cause) {
    const said = cause instanceof Error && "stderr" in cause ? String(cause.stderr) : "";
    const words = graveWords(said, home); // before there is room again
    await rm(part, { recursive: true, force: true });
    throw new Error(`PostgreSQL could not make its data in ${home}: ${words}`, { cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(part, data);
  return data;
}

async function refuseOtherMajor(data: string, major: number): Promise<void> {
  const found = Number.parseInt(await readFile(join(data, "PG_VERSION"), "utf8"), 10);
  if (found !== major) {
    throw new Error(
      `the data in ${data} were written by PostgreSQL ${found} and this build brings ${major}: ` +
        'with the Sunledger that wrote them run "npx sunledger database pg_dump --format=custom ' +
        '--file=sunledger.dump", move that folder aside, and with this one run "npx sunledger ' +
        'database pg_restore --dbname=sunledger sunledger.dump"',
    );
  }
}
