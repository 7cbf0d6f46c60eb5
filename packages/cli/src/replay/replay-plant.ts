import { Plant } from "@sunledger/model";
import type { Records } from "@sunledger/store";
import { fewOf, namesLike } from "../names-like.ts";
import { PlainError } from "../plain-error.ts";
import type { NeededDevice } from "./needed-devices.ts";
import { type PlantPlace, requireKinds, requirePlace } from "./registered.ts";

type Wanted = {
  readonly records: Records;
  readonly organisation: string;
  /** Its code; absent: the only one there is. */
  readonly plant: string | undefined;
  readonly needed: readonly NeededDevice[];
  /** Make what is missing instead of refusing. */
  readonly register: boolean;
  readonly place: PlantPlace;
  readonly gatewayOf: (plant: string) => { readonly id: string; readonly secretHash: string };
};

/**
 * Sees to it that plant, devices and an import gateway are there, and says the gateway's id.
 * Without `register` unknown devices are refused by name.
 */
export async function prepareReplay(wanted: Wanted): Promise<string> {
  const { records, organisation, needed, register } = wanted;
  const plant = await plantOf(wanted);
  const known = plant.id === undefined ? [] : await records.deviceList(organisation, plant.id);
  requireKinds(plant.code, known, needed);
  const tags = new Set(known.map(({ tag }) => tag));
  const missing = needed.filter(({ tag }) => !tags.has(tag));
  if (missing.length > 0 && !register) {
    throw new PlainError(
      `The plant ${plant.code} has no device ${fewOf(missing.map(({ tag }) => tag))}: ` +
        "add --register to make them, or choose another plant with --plant.",
    );
  }
  const gateway = wanted.gatewayOf(plant.code);
  const { id: _id, ...values } = { id: undefined, ...plant };
  const devices = missing.map(({ tag, kind }) => ({
    tag,
    kind,
    name: { en: tag },
    atGrid: false,
  }));
  await records.provision({
    organisation,
    plants: [{ plant: values, gateways: [gateway], devices }],
  });
  return gateway.id;
}

type Found = Omit<Plant, "id"> & { readonly id?: string };

async function plantOf(wanted: Wanted): Promise<Found> {
  const { records, organisation, plant, register, place } = wanted;
  const plants = await records.plants(organisation);
  const codes = plants.map(({ code }) => code);
  const found = plant === undefined ? plants : plants.filter(({ code }) => code === plant);
  const [only, ...others] = found;
  if (only && others.length === 0) {
    requirePlace(only, place);
    return only;
  }
  if (plant === undefined) {
    const which = plants.length > 0 ? `one of ${fewOf(codes)}` : "a new one, with --register";
    throw new PlainError(`Which plant do the devices belong to? Name ${which}, with --plant.`);
  }
  if (!register) {
    throw new PlainError(
      `There is no plant ${plant}: add --register to make it.` +
        (codes.length > 0 ? ` ${namesLike(plant, codes)}` : ""),
    );
  }
  if (place.timeZone === undefined || place.latitude === undefined) {
    throw new PlainError(
      `The plant ${plant} is new: say its own place with --zone and --position, ` +
        "as --zone Asia/Shanghai --position 30.27,120.15 says Hangzhou's.",
    );
  }
  const name = { en: plant };
  const made = {
    ...place,
    code: plant,
    name,
    altitudeM: 0,
    dcPowerW: 0,
    acPowerW: 0,
    gammaPerC: 0,
  };
  const checked = Plant.omit({ id: true }).safeParse(made);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new PlainError(`The plant ${plant} cannot be made: ${problems.join("; ")}.`);
}
