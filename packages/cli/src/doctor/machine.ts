import { existsSync } from "node:fs";
import { roomAt } from "@sunledger/store";
import { messageOf } from "../plain-error.ts";
import type { HouseSettings } from "../settings.ts";
import { wantedPorts } from "../start/addresses.ts";
import { type DataFolder, dataFolder, requireWritable } from "../start/data-folder.ts";
import { inMegabytes } from "../start/disk-room.ts";
import { requireOwnHouse } from "../start/house-owner.ts";
import { requirePorts } from "../start/ports.ts";
import { type Finding, unknown, well, wrong } from "./finding.ts";

const oldestNode = 24;

export function checkNode(version = process.versions.node): Finding {
  if (Number.parseInt(version, 10) >= oldestNode) return well("Node", version);
  return wrong("Node", version, `install Node ${oldestNode} or newer`);
}

/** Below this PostgreSQL may not find room for the next piece of its journal. */
const leastRoomBytes = 64_000_000;

/** Whether a house can keep its data there; makes nothing but a file that is taken away again. */
export function checkDataFolder({ SUNLEDGER_DATA_DIR }: HouseSettings): Finding {
  const what = "data folder";
  if (!existsSync(SUNLEDGER_DATA_DIR)) {
    return unknown(what, `${SUNLEDGER_DATA_DIR} is made by the first "sunledger start"`);
  }
  const folder = dataFolder(SUNLEDGER_DATA_DIR);
  try {
    requireOwnHouse(folder);
    requireWritable(folder);
    return well(what, `${folder.path} can be written`);
  } catch (error) {
    return wrong(what, messageOf(error), "see the sentence above");
  }
}

/** Whether there is room to go on. */
export function checkDisk({ path }: DataFolder, room = roomAt(path)): Finding {
  const what = "disk";
  const seen = `${inMegabytes(room)} left for ${path}`;
  if (room >= leastRoomBytes) return well(what, seen);
  return wrong(what, seen, "make room there, or give it a larger disk");
}

/** Whether a house that does not run now would find its ports free: a finding for each sentence. */
export async function checkPorts(settings: HouseSettings): Promise<Finding[]> {
  try {
    await requirePorts(wantedPorts(settings, 0));
    return [well("ports", "free for a start")];
  } catch (error) {
    const sentences = messageOf(error).split("\n");
    return sentences.map((sentence) => wrong("ports", sentence, "free the port or set another"));
  }
}
