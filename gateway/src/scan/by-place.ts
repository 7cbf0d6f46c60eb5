import { ProfileMismatch } from "../polling/identify.ts";
import { misfitOf, type Scan, type ScanParts, scanDevice, UnknownDevice } from "./scan-device.ts";

/** Below this it may be anything that answers. */
const sureEnough = 60;

/**
 * Reads a device by the profiles that may stand at its place, though no register of theirs says so;
 * the surest of those that fit.
 */
export async function scanByPlace(
  parts: ScanParts,
  profiles: readonly string[],
): Promise<Scan | undefined> {
  const fitting: Scan[] = [];
  for (const profile of profiles) {
    const scan = await scanDevice({ ...parts, profile }).catch(unlessOther);
    const [device] = scan?.devices ?? [];
    if (!scan || !device || misfitOf(scan, device) !== undefined) continue;
    if (device.confidence >= sureEnough) fitting.push({ ...scan, by: "plausible values" });
  }
  const sureness = ({ devices: [device] }: Scan) => device?.confidence ?? 0;
  return fitting.sort((a, b) => sureness(b) - sureness(a))[0];
}

function unlessOther(error: unknown): undefined {
  if (error instanceof ProfileMismatch || error instanceof UnknownDevice) return undefined;
  throw error;
}
