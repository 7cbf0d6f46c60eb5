/** Device profiles: their shape, what a shape cannot say, and how one takes over another. */
export {
  DeviceProfile,
  type EnumTable,
  type IdentifyItem,
  type ProfileLimits,
} from "./device-profile.ts";
export { type ProfileFault, profileFaults, type SunspecPoints } from "./profile-faults.ts";
export type { Order, RawInvalid, RegisterKind, RegisterType } from "./profile-parts.ts";
export type { ProfilePoint } from "./profile-point.ts";
export { registersOf } from "./register-size.ts";
export { resolveProfile } from "./resolve-profile.ts";
