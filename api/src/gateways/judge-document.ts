import { devicePlace, SiteConfiguration } from "@sunledger/model";
import * as z from "zod";

export type DocumentFault = { readonly path: string; readonly message: string };

/**
 * Everything that is wrong with a document, as far as the platform can tell; whether there are such profiles
 * at the gateway, and they fit its lines, is for the gateway to say.
 */
export function faultsOfDocument(document: Readonly<Record<string, unknown>>): DocumentFault[] {
  const parsed = SiteConfiguration.safeParse(document);
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => ({
      path: path.length === 0 ? "document" : `document.${z.core.toDotPath(path)}`,
      message,
    }));
  }
  const { devices } = parsed.data;
  return [
    ...repeated(
      devices.map(({ tag }) => tag),
      (tag, other) => `${tag} is named twice: devices[${other}] has that tag`,
    ).map(([i, message]) => ({ path: `document.devices[${i}].tag`, message })),
    ...repeated(
      devices.map(({ url }) => devicePlace(url) ?? url),
      (place, other) => `devices[${other}] is at ${place} already`,
    ).map(([i, message]) => ({ path: `document.devices[${i}].url`, message })),
  ];
}

/** Where a text stands that an earlier one is equal to, in words with the place of that one. */
function repeated(
  texts: readonly string[],
  words: (text: string, first: number) => string,
): [number, string][] {
  const firsts = new Map<string, number>();
  return texts.flatMap((text, i): [number, string][] => {
    const first = firsts.get(text);
    if (first === undefined) firsts.set(text, i);
    return first === undefined ? [] : [[i, words(text, first)]];
  });
}
