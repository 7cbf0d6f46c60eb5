import { isSeriesAddress, type Restored } from "@sunledger/store";

/** Which other store has the values, without what signs in there; nothing where the database has them. */
export function valuesElsewhere(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${isSeriesAddress(address) ? "" : pathname}`;
}

/** What is not in a backup, for who relies on it. */
export function lackLines(elsewhere: string | undefined): string[] {
  const outboxes = "Not in it: what gateways have on their disks (outboxes/), and logs.";
  if (elsewhere === undefined) return [outboxes];
  return [
    `NOT in it: the values in ${elsewhere} (SUNLEDGER_TIMESERIES_URL): back that store up by itself.`,
    outboxes,
  ];
}

/** What a backup was found to hold. */
export function contentLines({ head, rows, faults }: Restored): string[] {
  const count = (table: string) => (rows[table] ?? 0).toLocaleString("en");
  const all = Object.values(rows).reduce((sum, each) => sum + each, 0);
  return [
    `Made ${new Date(head.at).toISOString()}, of step ${head.steps.at(-1) ?? "none"}.`,
    `${all.toLocaleString("en")} rows, each compared: ${count("organisation")} organisations, ` +
      `${count("plant")} plants, ${count("device")} devices, ${count("frame")} frames, ` +
      `${count("packed_day")} packed days, ${count("rollup")} roll-ups.`,
    faults.length === 0
      ? "The ledger agrees: everything kept is settled."
      : `The ledger does NOT agree: ${faults.map(({ table, rows }) => `${rows} of ${table}`).join(", ")} are not settled.`,
  ];
}
