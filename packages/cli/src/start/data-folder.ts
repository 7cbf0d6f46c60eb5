import { accessSync, constants, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PlainError } from "../plain-error.ts";

/** Where everything of an installation lies. */
export type DataFolder = {
  readonly path: string;
  readonly logs: string;
  readonly run: string;
  readonly outboxes: string;
  readonly gateways: string;
  readonly simulators: string;
};

export function dataFolder(path: string): DataFolder {
  const folder = resolve(path);
  return {
    path: folder,
    logs: join(folder, "logs"),
    run: join(folder, "run"),
    outboxes: join(folder, "outboxes"),
    gateways: join(folder, "gateways"),
    simulators: join(folder, "simulators"),
  };
}

/** Makes the folder and proves that files can be written there, or says what is in the way. */
export function openDataFolder(path: string): DataFolder {
  const folder = dataFolder(path);
  const probe = join(folder.path, `.probe-${process.pid}`);
  try {
    for (const place of Object.values(folder)) mkdirSync(place, { recursive: true });
    accessSync(folder.path, constants.R_OK | constants.W_OK | constants.X_OK);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new PlainError(
      `Cannot write in the data folder ${folder.path} (${code ?? message}): ` +
        "make it writable for this user or choose another with SUNLEDGER_DATA_DIR.",
    );
  }
  return folder;
}
