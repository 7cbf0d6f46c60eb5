/** The categories of IEC TS 63019; where several hold, the first in this list is taken. */
export const availabilityCategories = [
  "force_majeure",
  "scheduled_maintenance",
  "planned_corrective",
  "forced_outage",
  "suspended",
  "requested_shutdown",
  "out_of_electrical_spec",
  "out_of_environmental_spec",
  "service_set_point",
  "partial_capability",
  "full_capability",
  "information_unavailable",
] as const;

export type AvailabilityCategory = (typeof availabilityCategories)[number];

/** The one category of an interval out of those that hold. */
export function categoryOf(holding: ReadonlySet<AvailabilityCategory>): AvailabilityCategory {
  return (
    availabilityCategories.find((category) => holding.has(category)) ?? "information_unavailable"
  );
}

const inService: ReadonlySet<AvailabilityCategory> = new Set([
  "service_set_point",
  "partial_capability",
  "full_capability",
]);

const notTechnical: ReadonlySet<AvailabilityCategory> = new Set([
  "force_majeure",
  "requested_shutdown",
  "out_of_electrical_spec",
  "out_of_environmental_spec",
]);

/** In service against all known time. */
export function operationalAvailability(
  categories: readonly AvailabilityCategory[],
): number | null {
  return shareInService(categories.filter((c) => c !== "information_unavailable"));
}

/** In service against the known time that the equipment itself answers for. */
export function technicalAvailability(categories: readonly AvailabilityCategory[]): number | null {
  return shareInService(
    categories.filter((c) => c !== "information_unavailable" && !notTechnical.has(c)),
  );
}

function shareInService(categories: readonly AvailabilityCategory[]): number | null {
  if (categories.length === 0) return null;
  return categories.filter((category) => inService.has(category)).length / categories.length;
}
