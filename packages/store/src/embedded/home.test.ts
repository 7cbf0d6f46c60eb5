import { createHash } from "node:crypto";
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exists, openHome } from "./home.ts";

const user = { name: "nobody", uid: 65_534, gid: 65_534 };
let closed: string;
let base: string;
let data: string;

beforeEach(async () => {
  // A temporary folder is closed to all but its owner.
  closed = await realpath(await mkdtemp(join(tmpdir(), "sunledger-home-")));
  base = join(closed, "reachable");
  data = join(closed, "here", "postgres");
});

afterEach(() => rm(closed, { recursive: true }));

describe("the home of a data folder that the server's account cannot enter", () => {
  test("is found again when the folder is moved", async () => {
    const first = await begin(data);
    const moved = join(closed, "there", "postgres");
    await mkdir(join(closed, "there"));
    await rename(data, moved);

    expect(await open(moved)).toBe(first);
    expect(await open(moved)).toBe(first);
    expect(await pointer(moved)).toContain(first);
  });

  test("is not found again when the folder is emptied", async () => {
    const first = await begin(data);
    await rm(data, { recursive: true });
    const second = await open(data);

    expect(second).not.toBe(first);
    expect(await exists(join(second, "server"))).toBe(false);
    expect(await exists(join(first, "server"))).toBe(true);
  });

  test("is gone on with when the first start was cut short", async () => {
    const first = await open(data);
    await rm(join(data, "where-the-database-is.txt"));

    expect(await open(data)).toBe(first);
  });

  test("is refused to a copy while the folder that was copied is there", async () => {
    const first = await begin(data);
    const copy = join(closed, "copy", "postgres");
    await cp(data, copy, { recursive: true });

    await expect(open(copy)).rejects.toThrow(`${copy} is a copy of ${data}, whose database is in`);
    await rm(data, { recursive: true });
    expect(await open(copy)).toBe(first);
  });

  test("is refused when it belongs to another house", async () => {
    await begin(data);
    const other = join(closed, "other", "postgres");
    await begin(other);
    await cp(join(other, "where-the-database-is.txt"), join(data, "where-the-database-is.txt"));

    await expect(open(data)).rejects.toThrow(
      /belongs to another house, last in .*other\/postgres: /,
    );
  });

  test("is missed by name when it is gone", async () => {
    const first = await begin(data);
    await rm(first, { recursive: true });

    await expect(open(data)).rejects.toThrow(`is gone from ${first}: restore that folder`);
  });

  test("is refused to an account of its own that cannot read it", async () => {
    const first = await begin(data);

    await expect(openHome(data, undefined, { base, mayMove: true })).rejects.toThrow(
      `is in ${first}: start it as root`,
    );
  });
});

describe("a home from before houses had ids", () => {
  test("is adopted where the path and the folder both name it", async () => {
    const former = await beginFormer(data);

    expect(await open(data)).toBe(former);
    const moved = join(closed, "there", "postgres");
    await mkdir(join(closed, "there"));
    await rename(data, moved);
    expect(await open(moved)).toBe(former);
  });

  test("is refused at another path, and told what to do", async () => {
    await beginFormer(data);
    await rename(join(closed, "here"), join(closed, "there"));

    await expect(open(join(closed, "there", "postgres"))).rejects.toThrow(
      /does not bear the id of .*there\/postgres: if that folder was moved, move it back/,
    );
  });

  test("is not adopted by an emptied folder", async () => {
    const former = await beginFormer(data);
    await rm(data, { recursive: true });

    expect(await open(data)).not.toBe(former);
  });
});

// Nobody else can give a file away, or run a server as another account.
describe.runIf(process.getuid?.() === 0)("data that were made in the folder itself", () => {
  const stranger = 54_321;

  test("of another account are refused to root, and nothing is touched", async () => {
    await makeData(stranger);

    for (const mayMove of [true, false]) {
      await expect(open(data, mayMove)).rejects.toThrow(
        `the database in ${data} is of the account ${stranger}: run this as that account`,
      );
    }

    expect(await readdir(data)).toEqual(["passwords.json", "server"]);
    expect((await stat(join(data, "server", "PG_VERSION"))).uid).toBe(stranger);
  });

  test("are moved out of a folder that was closed by a start alone", async () => {
    await makeData(user.uid);

    await expect(open(data, false)).rejects.toThrow(
      `the database in ${data} has to be moved, as nobody may not enter that folder`,
    );
    expect(await readdir(data)).toEqual(["passwords.json", "server"]);
    expect(await exists(base)).toBe(false);

    const home = await open(data, true);
    expect(await readFile(join(home, "server", "PG_VERSION"), "utf8")).toBe("18");
  });

  test("that were handed to root are given to the server's account by a start alone", async () => {
    await makeData(0);
    await chmod(closed, 0o755);

    await expect(open(data, false)).rejects.toThrow("has to be given to the account nobody");
    expect((await stat(join(data, "server"))).uid).toBe(0);

    expect(await open(data, true)).toBe(data);
    expect((await stat(join(data, "server", "PG_VERSION"))).uid).toBe(user.uid);
  });

  async function makeData(uid: number): Promise<void> {
    await mkdir(join(data, "server"), { recursive: true });
    await writeFile(join(data, "server", "PG_VERSION"), "18");
    await writeFile(join(data, "passwords.json"), "{}");
    for (const place of ["server/PG_VERSION", "server", "passwords.json"]) {
      await chown(join(data, place), uid, uid);
    }
  }
});

async function open(folder: string, mayMove = true): Promise<string> {
  return (await openHome(folder, user, { base, mayMove })).folder;
}

/** A home in which a server has made its data. */
async function begin(folder: string): Promise<string> {
  const home = await open(folder);
  await mkdir(join(home, "server"));
  return home;
}

async function beginFormer(folder: string): Promise<string> {
  const hash = createHash("sha256").update(folder).digest("hex").slice(0, 8);
  const home = join(base, `${basename(folder)}-${hash}`);
  await mkdir(join(home, "server"), { recursive: true });
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "where-the-database-is.txt"),
    `PostgreSQL runs as nobody, who may not enter this folder. Its data are in ${home}\n`,
  );
  return home;
}

function pointer(folder: string): Promise<string> {
  return readFile(join(folder, "where-the-database-is.txt"), "utf8");
}
