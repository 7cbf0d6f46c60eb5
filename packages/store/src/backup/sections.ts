import type { Client } from "pg";
import { enter } from "./one-view.ts";
import type { Table } from "./tables.ts";

/** A part of a table that is carried over at once. */
export type Section = {
  /** Of no other section of the database. */
  readonly name: string;
  readonly table: Table;
  /** Whose rows; absent for a table that nobody owns a part of. */
  readonly organisation: string | undefined;
  /** Which rows of the organisation, in SQL; all when it is empty. */
  readonly where: string;
};

/**
 * Every row is in one of them, and those that others refer to come first. Tables of frames are cut by device, others by
 * organisation.
 */
export async function sectionsOf(
  client: Client,
  tables: readonly Table[],
  organisations: readonly string[],
): Promise<readonly Section[]> {
  const devices = new Map<string, readonly number[]>();
  for (const organisation of organisations) {
    await enter(client, organisation);
    const { rows } = await client.query<{ number: number }>(
      "select number from frame_device order by number",
    );
    devices.set(
      organisation,
      rows.map(({ number }) => number),
    );
  }
  return tables.flatMap((table): readonly Section[] => {
    const { name, isGuarded } = table;
    if (!isGuarded) return [{ name, table, organisation: undefined, where: "" }];
    return organisations.flatMap((organisation): readonly Section[] => {
      const whole = { name: `${name} ${organisation}`, table, organisation, where: "" };
      if (!isOfFrames(table)) return [whole];
      return (devices.get(organisation) ?? []).map((device) => {
        return { ...whole, name: `${whole.name} ${device}`, where: `where device = ${device}` };
      });
    });
  });
}

/** Its rows are found by their device, and may be very many. */
export function isOfFrames({ columns }: Table): boolean {
  const known = ["organisation", "device", "layout", "columns", "gauges"];
  return known.filter((name) => columns.includes(name)).length >= 4;
}
