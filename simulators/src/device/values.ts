/**
 * Canonical points of a device at one instant, in canonical units and not yet rounded. Texts are
 * identity; a point that is absent is not implemented.
 */
export type DeviceValues = Readonly<Record<string, number | string>>;
