import type { CommandDetail, DeviceReading, FoundUnit } from "@sunledger/model";

/** A device that a search has found, and what it may be. */
export type Candidate = {
  readonly url: string;
  readonly kind: DeviceReading["kind"];
  readonly texts: DeviceReading["texts"];
  /** The surest first. */
  readonly profiles: readonly { readonly profile: string; readonly confidence: number }[];
  readonly points: DeviceReading["points"];
};

export type Search = {
  readonly candidates: readonly Candidate[];
  /** What answers and is nothing that is known. */
  readonly unknown: readonly { readonly url: string; readonly reason: string }[];
  readonly progress:
    | { readonly done: number; readonly of: number; readonly answering: number }
    | undefined;
};

/** What a search has told so far. */
export function searchOf(command: CommandDetail | undefined): Search {
  const candidates: Candidate[] = [];
  const unknown: Search["unknown"][number][] = [];
  let progress: Search["progress"];
  for (const { result } of command?.answers ?? []) {
    if (result.state === "done") progress = result.search ?? progress;
    if (result.state !== "progress") continue;
    progress = result.search ?? progress;
    if (result.unknown) unknown.push(result.unknown);
    if (result.found) candidates.push(...candidatesOf(result.found));
  }
  return { candidates, unknown, progress };
}

function candidatesOf({ devices, alternatives }: FoundUnit): Candidate[] {
  // Other profiles are those of the address: of two devices behind one nobody knows whose.
  const others = devices.length === 1 ? alternatives : [];
  return devices.map(({ url, kind, texts, profile, confidence, points }) => ({
    ...{ url, kind, texts, points, profiles: [{ profile, confidence }, ...others] },
  }));
}

/** What it calls itself: maker, model and serial number, as far as it says. */
export function nameplateOf(texts: Candidate["texts"]): string {
  return ["id.manufacturer", "id.model", "id.serial"]
    .flatMap((point) => texts[point] ?? [])
    .join(" ");
}
