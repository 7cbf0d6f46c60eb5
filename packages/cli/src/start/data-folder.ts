import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
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

/** Where simulated plants keep how far they have come. */
export function simulatorState({ simulators }: DataFolder): string {
  return join(simulators, "state");
}

/** Makes the folder and proves that files can be written there, or says what is in the way. */
export function openDataFolder(path: string): DataFolder {
  const folder = dataFolder(path);
  inWords(folder, () => {
    for (const place of Object.values(folder)) makeFolder(place);
    probe(folder);
  });
  return folder;
}

/** Proves that files can be written in a folder that is there, or says what is in the way; makes nothing. */
export function requireWritable(folder: DataFolder): void {
  inWords(folder, () => probe(folder));
}

function probe({ path }: DataFolder): void {
  const file = join(path, `.probe-${process.pid}`);
  accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  writeFileSync(file, "");
  rmSync(file);
}

function inWords({ path }: DataFolder, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new PlainError(
      `Cannot write in the data folder ${path} (${reasonOf(error)}): ` +
        "make it writable for this user or choose another with SUNLEDGER_DATA_DIR.",
    );
  }
}

/**
 * How to take a folder away again that is not there yet, with the folders above it that have to be made
 * for it; of one that is there, and of folders that others have used since, nothing is taken away.
 */
export function unmakeFolder(path: string): () => void {
  const absent: string[] = [];
  for (let place = resolve(path); !existsSync(place); place = dirname(place)) absent.push(place);
  return () => {
    const [folder, ...above] = absent;
    if (folder === undefined) return;
    rmSync(folder, { recursive: true, force: true });
    try {
      for (const place of above) rmdirSync(place);
    } catch {
      // Somebody else has put something there.
    }
  };
}

/**
 * Makes a folder and those above it. Node's own way never ends where making one fails as if its parent
 * were absent, as below /proc.
 */
function makeFolder(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return;
  if (!existsSync(dirname(path))) makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o755 }); // whatever the umask lets through, for nobody else to write in
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "not permitted",
  EEXIST: "a file is in its place",
  ENOENT: "it cannot be made there",
  ENOSPC: "the disk is full",
  ENOTDIR: "a file is in its way",
  EPERM: "not permitted",
  EROFS: "the disk is read-only",
};

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code !== undefined && reasons[code]) || message;
}
