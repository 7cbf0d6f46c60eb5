import type { ProfileDetail, ProfileRegister, ProfileSummary } from "@sunledger/model";
import { cataloguePoint } from "@sunledger/model/points";
import type { LibraryProfile } from "./profile-library.ts";

type ProfilePoint = LibraryProfile["points"][number];

/** A profile as a list shows it. */
export function profileSummary(profile: LibraryProfile): ProfileSummary {
  const { id, version, vendor, family, kind, protocol, models, verification, points } = profile;
  return {
    ...{ id, version, vendor, family, kind, protocol, models },
    verification: verification.level,
    points: points.length,
    setPoints: points.filter(isWritable).length,
  };
}

/** A profile with its registers, as people read them. */
export function profileDetail(profile: LibraryProfile): ProfileDetail {
  return {
    ...profileSummary(profile),
    note: profile.verification.note,
    registers: profile.points.map(registerOf),
  };
}

/** Whether the profile lets anybody write it. */
export function isWritable({ access = "r", write }: ProfilePoint): boolean {
  return access !== "r" && write !== undefined && write.guard !== "forbidden";
}

function registerOf(point: ProfilePoint): ProfileRegister {
  const { name, kind, address, sunspec = [], type, scale, poll, note, src } = point;
  const refs = sunspec.map((one) => (typeof one === "string" ? one : one.ref));
  return {
    ...{ name, poll, writable: isWritable(point), unverified: src.length === 0 },
    source: address === undefined ? refs.join(", ") : `${kind} ${address}`,
    ...(type !== undefined && { type }),
    unit: point.unit ?? cataloguePoint(name)?.unit ?? "",
    ...(scale !== undefined && { scale }),
    ...(note !== undefined && { note }),
  };
}
