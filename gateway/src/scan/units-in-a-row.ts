import { readsAlike } from "./reads-alike.ts";
import type { Scan } from "./scan-device.ts";

/** What answers at one unit after the other: several devices, or one that does not look at the unit. */
export interface UnitsInARow {
  /** Answers where there is nothing more to look for, with a remark where somebody may disagree. */
  take(scan: Scan): { readonly remark?: string } | undefined;
  /** Too few to tell were devices of their own. */
  end(): void;
}

/** So many units in a row that are one device: it does not look at the unit. */
const sameInARow = 3;

/** Hands on those that are no repetition of what was found. */
export function unitsInARow(found: readonly Scan[], onDevice: (scan: Scan) => void): UnitsInARow {
  let repeated = 0;
  // Without a serial number it takes several that read alike to tell.
  let alike: Scan[] = [];
  const release = () => {
    for (const scan of alike.splice(0)) onDevice(scan);
  };

  return {
    take(scan) {
      const twin = found.find((other) => readsAlike(other, scan));
      if (twin) {
        alike.push(scan);
        if (alike.length < sameInARow) return undefined;
        alike = [];
        return { remark: sameAs(twin) };
      }
      release();
      repeated = isKnown(scan, found) ? repeated + 1 : 0;
      if (repeated === 0) onDevice(scan);
      return repeated >= sameInARow ? {} : undefined;
    },
    end: release,
  };
}

function sameAs({ url }: Scan): string {
  return `it reads the same as ${url} and names no serial number, as the ${sameInARow - 1} before it: taken for one device that does not look at the unit. Others behind it want their units named`;
}

/** Whether the same devices, by their serial numbers, were met at another unit. */
function isKnown(scan: Scan, found: readonly Scan[]): boolean {
  const serials = serialsOf(scan);
  return serials !== "" && found.some((other) => serialsOf(other) === serials);
}

function serialsOf({ devices }: Scan): string {
  return devices
    .map(({ texts }) => texts["id.serial"] ?? "")
    .join(" ")
    .trim();
}
