import { existsSync } from "node:fs";
import { messageOf } from "../plain-error.ts";
import type { HouseSettings } from "../settings.ts";
import { wantedPorts } from "../start/addresses.ts";
import { openDataFolder } from "../start/data-folder.ts";
import { requirePorts } from "../start/ports.ts";
import { type Finding, unknown, well, wrong } from "./finding.ts";

const oldestNode = 24;

export function checkNode(version = process.versions.node): Finding {
  if (Number.parseInt(version, 10) >= oldestNode) return well("Node", version);
  return wrong("Node", version, `install Node ${oldestNode} or newer`);
}

export function checkDataFolder({ SUNLEDGER_DATA_DIR }: HouseSettings): Finding {
  if (!existsSync(SUNLEDGER_DATA_DIR)) {
    return unknown("data folder", `${SUNLEDGER_DATA_DIR} is made by the first "sunledger start"`);
  }
  try {
    return well("data folder", `${openDataFolder(SUNLEDGER_DATA_DIR).path} can be written`);
  } catch (error) {
    return wrong("data folder", messageOf(error), "see the sentence above");
  }
}

/** Whether a house that does not run now would find its ports free. */
export async function checkPorts(settings: HouseSettings): Promise<Finding> {
  try {
    await requirePorts(wantedPorts(settings, 0));
    return well("ports", "free for a start");
  } catch (error) {
    return wrong("ports", messageOf(error), "free the port or set another");
  }
}
