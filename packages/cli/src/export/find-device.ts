import type { Device } from "@sunledger/model";
import type { Records } from "@sunledger/store";
import { namesLike } from "../names-like.ts";
import { PlainError } from "../plain-error.ts";

export type FoundDevice = { readonly device: Device /** PLANT/TAG */; readonly name: string };

type Wanted = { readonly device?: string; readonly plant?: string };

/** One device, or those of a plant by their tags; a sentence that lists what there is where there are none. */
export async function wantedDevices(
  records: Records,
  organisation: string,
  { device, plant }: Wanted,
): Promise<readonly FoundDevice[]> {
  if (device !== undefined) return [await findDevice(records, organisation, device)];
  if (plant === undefined) throw new PlainError("Whose values? Name a --device or a --plant.");
  const plants = await records.plants(organisation);
  const found = plants.find(({ code }) => code === plant);
  if (!found) {
    const known = plants.map(({ code }) => code).sort();
    throw new PlainError(
      `No plant is called "${plant}". ` +
        (known.length > 0 ? namesLike(plant, known) : "This organisation has no plants yet."),
    );
  }
  const devices = await records.devices(organisation);
  return devices
    .filter((one) => one.plant === found.id)
    .map((one) => ({ device: one, name: `${plant}/${one.tag}` }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The device of an organisation that `PLANT/TAG` or an id names, or a sentence that lists what there is. */
async function findDevice(
  records: Records,
  organisation: string,
  wanted: string,
): Promise<FoundDevice> {
  const plants = await records.plants(organisation);
  const codes = new Map(plants.map(({ id, code }) => [id, code]));
  const devices = await records.devices(organisation);
  const named = devices.map((device) => ({
    device,
    name: `${codes.get(device.plant) ?? device.plant}/${device.tag}`,
  }));
  const found = named.find(({ device, name }) => name === wanted || device.id === wanted);
  if (found) return found;
  const known = named.map(({ name }) => name).sort();
  throw new PlainError(
    `No device is called "${wanted}": name it as PLANT/TAG or by its id. ` +
      (known.length > 0 ? namesLike(wanted, known) : "This organisation has no devices yet."),
  );
}
