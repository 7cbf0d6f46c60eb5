import type { ImportedDevice } from "@sunledger/model";
import { type Document, placeOf, tagsByPlace, tagsOf } from "../document.ts";

/** A row whose device its gateway polls already, or whose tag it uses for another one. */
export type PolledAlready = {
  readonly device: ImportedDevice;
  /** The tag of what is polled. */
  readonly tag: string;
};

/** Which rows are new to their gateway, as far as it says what it polls. */
export function besidePolled(
  document: Document | undefined,
  devices: readonly ImportedDevice[],
): { readonly fresh: readonly ImportedDevice[]; readonly known: readonly PolledAlready[] } {
  const byPlace = tagsByPlace(document);
  const tags = tagsOf(document);
  const known = devices.flatMap((device): PolledAlready[] => {
    const { url, register } = device;
    const sameTag = tags.has(register.tag) ? register.tag : undefined;
    const tag = byPlace.get(placeOf(url)) ?? sameTag;
    return tag === undefined ? [] : [{ device, tag }];
  });
  const old = new Set(known.map(({ device }) => device));
  return { fresh: devices.filter((device) => !old.has(device)), known };
}
