import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ConfigurationMessage, ConfigurationState, SiteConfiguration } from "@sunledger/model";
import * as z from "zod";

const Version = ConfigurationMessage.extend({ document: SiteConfiguration.partial() }).extend({
  /** What the gateway's own file said of the same when this was applied. */
  file: z.record(z.string(), z.string()),
});
/** A pushed configuration that runs, or ran. */
export type Version = z.infer<typeof Version>;

/** What is kept of pushed configurations. */
export const PushedConfiguration = z.object({
  v: z.literal(1),
  running: Version.optional(),
  /** Until the running version has proved itself: what comes back else, and how often it was started with. */
  trial: z.object({ before: Version.optional(), starts: z.int() }).optional(),
  pushed: ConfigurationState.shape.pushed,
});
export type PushedConfiguration = z.infer<typeof PushedConfiguration>;

const none: PushedConfiguration = { v: 1 };

/**
 * What was kept in the folder; nothing where there is no file, or a damaged one: the broker retains the
 * newest version, and it is judged anew. Throws where the file cannot be read at all.
 */
export function readPushed(
  folder: string,
  onDamage: (error: unknown) => void,
): PushedConfiguration {
  let text: string;
  try {
    text = readFileSync(fileIn(folder), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return none;
    throw error;
  }
  try {
    return PushedConfiguration.parse(JSON.parse(text));
  } catch (error) {
    onDamage(error);
    return none;
  }
}

/** On disk when it returns, whole or not at all. */
export function writePushed(folder: string, content: PushedConfiguration): void {
  mkdirSync(folder, { recursive: true });
  const file = fileIn(folder);
  const part = `${file}.part`;
  const handle = openSync(part, "w", 0o600);
  try {
    writeFileSync(handle, JSON.stringify(content));
    fsyncSync(handle);
  } catch (error) {
    // A full disk has better use for the room.
    rmSync(part, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
  renameSync(part, file);
  const directory = openSync(folder, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function fileIn(folder: string): string {
  return join(folder, "configuration.json");
}
