import catalogue from "./points.json" with { type: "json" };

/** A canonical point: name, base unit and what kind of quantity it is. */
export type CataloguePoint = {
  readonly name: string;
  readonly unit: string;
  readonly kind:
    | "gauge"
    | "counter"
    | "daily"
    | "monthly"
    | "yearly"
    | "state"
    | "text"
    | "setpoint";
  readonly description: string;
};

const byName = new Map(
  (catalogue.points as readonly CataloguePoint[]).map((point) => [point.name, point]),
);

/**
 * The catalogue entry of a point name. Numbered sensors and channels (`met.irradiance.poa.2`,
 * `dc.mppt.7.power`) follow the entry of their family when they have none of their own.
 */
export function cataloguePoint(name: string): CataloguePoint | undefined {
  return byName.get(name) ?? byName.get(familyOf(name));
}

export const cataloguePoints: readonly CataloguePoint[] = [...byName.values()];

function familyOf(name: string): string {
  return name.replace(/\.\d+$/, "").replace(/\.\d+\./g, ".1.");
}
