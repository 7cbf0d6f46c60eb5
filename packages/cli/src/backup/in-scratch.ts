import { chmod, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@sunledger/store";
import { messageOf, PlainError } from "../plain-error.ts";

/** Does something with an empty database on a server of its own, of which nothing stays. */
export async function inScratch<T>(
  place: string,
  task: (ownerUrl: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(place, "sunledger-verify-")).catch((error: unknown) => {
    throw new PlainError(`Cannot use ${place} as scratch: ${messageOf(error)}.`);
  });
  await chmod(folder, 0o755); // the server's own account has to enter it
  let home = folder;
  try {
    const server = await startEmbeddedPostgres({
      ...{ dataDir: folder, log: { info: () => {} }, name: "sunledger backup verify" },
    });
    home = server.folder;
    try {
      return await task(server.ownerUrl);
    } finally {
      await server.stop();
    }
  } finally {
    for (const each of [home, folder]) await rm(each, { recursive: true, force: true });
  }
}
