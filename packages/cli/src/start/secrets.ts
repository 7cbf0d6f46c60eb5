import { createHash, randomBytes } from "node:crypto";
import { chmodSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { PlainError } from "../plain-error.ts";
import type { DataFolder } from "./data-folder.ts";

const Secrets = z.object({
  /** What the house's own programs show to the broker. */
  service: z.string().min(32),
  /** What sessions are signed with. */
  auth: z.string().min(32),
  /** By gateway. */
  gateways: z.record(z.string(), z.string().min(32)).default({}),
  /** The password of the first administrator of an empty installation. */
  administrator: z.string().optional(),
});
export type Secrets = z.infer<typeof Secrets>;

/** The secrets of an installation: random, made when first wanted, kept beside the data for its owner only. */
export function openSecrets(folder: DataFolder) {
  const file = fileOf(folder);
  let kept = readSecrets(folder) ?? { service: random(), auth: random(), gateways: {} };
  const keep = (changed: Secrets) => {
    kept = changed;
    writeFileSync(`${file}.part`, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.part`, file);
    chmodSync(file, 0o600);
  };
  keep(kept);

  return {
    service: kept.service,
    auth: kept.auth,
    gateway(id: string): string {
      const known = kept.gateways[id];
      if (known) return known;
      const secret = random();
      keep({ ...kept, gateways: { ...kept.gateways, [id]: secret } });
      return secret;
    },
    administrator(): string {
      const password = kept.administrator ?? randomBytes(12).toString("base64url");
      if (!kept.administrator) keep({ ...kept, administrator: password });
      return password;
    },
  };
}

/** What the database keeps of a gateway's secret. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function random(): string {
  return randomBytes(32).toString("base64url");
}

const fileOf = (folder: DataFolder) => join(folder.path, "secrets.json");

/** The secrets that are there; `undefined` before the first start. */
export function readSecrets(folder: DataFolder): Secrets | undefined {
  const file = fileOf(folder);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  try {
    return Secrets.parse(JSON.parse(text));
  } catch {
    throw new PlainError(
      `The secrets in ${file} cannot be read: restore that file from a backup, ` +
        "or start with a new data folder (SUNLEDGER_DATA_DIR).",
    );
  }
}
