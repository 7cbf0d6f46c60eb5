import { SiteConfiguration } from "@sunledger/model";
import * as z from "zod";

export type DocumentFault = { readonly path: string; readonly message: string };

/**
 * Everything that is wrong with a document, as far as the platform can tell; whether its addresses and
 * profiles fit the gateway's lines is for the gateway to say.
 */
export function faultsOfDocument(document: Readonly<Record<string, unknown>>): DocumentFault[] {
  const parsed = SiteConfiguration.safeParse(document);
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => ({
      path: path.length === 0 ? "document" : `document.${z.core.toDotPath(path)}`,
      message,
    }));
  }
  const first = new Map<string, number>();
  return parsed.data.devices.flatMap(({ tag }, i) => {
    const other = first.get(tag);
    if (other === undefined) first.set(tag, i);
    if (other === undefined) return [];
    const message = `${tag} is named twice: devices[${other}] has that tag`;
    return [{ path: `document.devices[${i}].tag`, message }];
  });
}
