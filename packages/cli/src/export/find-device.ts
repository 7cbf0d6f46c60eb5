import type { Device } from "@sunledger/model";
import type { Records } from "@sunledger/store";
import { namesLike } from "../names-like.ts";
import { PlainError } from "../plain-error.ts";

export type FoundDevice = { readonly device: Device /** PLANT/TAG */; readonly name: string };

/** The device of an organisation that `PLANT/TAG` or an id names, or a sentence that lists what there is. */
export async function findDevice(
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
