import {
  DeviceKind,
  DeviceTag,
  devicePlace,
  type ImportCheck,
  type ImportColumn,
  type ImportedDevice,
  type ImportFault,
  mostPayloadBytes,
  wattsOfKilowatts,
} from "@sunledger/model";
import { cut } from "./cut.ts";
import { neededColumns, readHead } from "./list-head.ts";
import type { ListRow, ListTable } from "./list-table.ts";

/** What a list is judged by. */
export type Known = {
  /** Gateway to its plant. */
  readonly gateways: ReadonlyMap<string, string>;
  readonly profiles: ReadonlyMap<string, KnownProfile>;
  /** Each plant's devices by tag, as far as they stand in the way of one that would be registered. */
  readonly taken: ReadonlyMap<string, ReadonlyMap<string, Taken>>;
};

/** The gateway whose device that is, if it may be registered again by it: nothing has come of it yet. */
export type Taken = { readonly silentOf?: string };

export type KnownProfile = {
  /** What a device of it is where the list does not say. */
  readonly kind: DeviceKind;
  /** Devices of SunSpec say themselves what they are. */
  readonly isOfAnyKind: boolean;
};

const longestName = 120;
const longestUrl = 300;
/** A terawatt is more than any device has. */
const mostWatts = 1e12;
/** A version goes to its gateway in one message, with what else it says. */
const mostBytesOfGateway = mostPayloadBytes - 4_096;

/** Judges each row of a list alone and beside the others; every fault of every row is named. */
export function judgeList(table: ListTable, known: Known): ImportCheck {
  const { places, faults: ofHead } = readHead(table);
  const of = { rows: table.rows.length, ...(table.readAs && { readAs: table.readAs }) };
  // Under a head that cannot be read every row would be faulty, and say nothing of itself.
  if (ofHead.some(({ code }) => code === "missing"))
    return { ...of, devices: [], faults: [...ofHead] };

  const faults: ImportFault[] = [...ofHead];
  const devices: ImportedDevice[] = [];
  const seen = new Map<string, number>();
  const filled = new Map<string, number>();
  for (const row of table.rows) {
    const judged = judgeRow(row, { places, width: table.head.length, known, seen });
    faults.push(...judged.faults);
    const { device } = judged;
    if (!device) continue;
    const { line, gateway } = device;
    const bytes = (filled.get(gateway) ?? 0) + bytesOf(device);
    if (bytes > mostBytesOfGateway) {
      faults.push({ line, code: "full", column: "gateway", found: gateway });
      continue;
    }
    filled.set(gateway, bytes);
    devices.push(device);
  }
  return { ...of, devices, faults };
}

/** As a part of what its gateway is sent. */
function bytesOf({ url, profile, register: { tag } }: ImportedDevice): number {
  return Buffer.byteLength(JSON.stringify({ tag, url, profile })) + 1;
}

type Terms = {
  readonly places: ReadonlyMap<ImportColumn, number>;
  readonly width: number;
  readonly known: Known;
  /** What may be said once, with the line that said it. */
  readonly seen: Map<string, number>;
};

type Judged = { readonly device?: ImportedDevice; readonly faults: readonly ImportFault[] };

function judgeRow({ line, cells }: ListRow, { places, width, known, seen }: Terms): Judged {
  const row = rowReader(line, cells, places, seen);
  if (cells.slice(width).some((cell) => cell !== "")) row.faults.push({ line, code: "wide" });
  for (const column of neededColumns) if (row.cell(column) === "") row.blame("missing", column);

  const gateway = row.cell("gateway");
  const plant = known.gateways.get(gateway);
  if (gateway !== "" && plant === undefined) row.blame("gateway", "gateway");
  judgeTag(row, known);
  for (const column of ["name", "nameZh"] as const) {
    if (!isName(row.cell(column))) row.blame("text", column);
  }
  judgeUrl(row);
  const kind = kindOf(row, known);
  const ratedAcW = wattsOf(row, "ratedAcKw");
  const ratedDcW = wattsOf(row, "ratedDcKw");
  const atGrid = yesNo.get(row.cell("atGrid").toLowerCase());
  if (atGrid === undefined) row.blame("yesNo", "atGrid");
  if (row.faults.length > 0 || kind === undefined || atGrid === undefined) return row;

  const [tag, en, zh] = [row.cell("tag"), row.cell("name"), row.cell("nameZh")];
  const register = {
    ...{ tag, kind, atGrid, name: { en, ...(zh !== "" && { zh }) } },
    ...(ratedAcW !== undefined && { ratedAcW }),
    ...(ratedDcW !== undefined && { ratedDcW }),
  };
  const polled = { gateway, url: row.cell("url"), profile: row.cell("profile") };
  return { device: { line, ...polled, register }, faults: [] };
}

type RowReader = {
  readonly faults: ImportFault[];
  readonly cell: (column: ImportColumn) => string;
  readonly blame: (
    code: ImportFault["code"],
    column: ImportColumn,
    more?: Pick<ImportFault, "other">,
  ) => void;
  /** Blames the column when another row has said the same. */
  readonly once: (column: ImportColumn, said: readonly string[]) => void;
};

function rowReader(
  line: number,
  cells: ListRow["cells"],
  places: Terms["places"],
  seen: Terms["seen"],
): RowReader {
  const faults: ImportFault[] = [];
  const cell: RowReader["cell"] = (column) => cells[places.get(column) ?? -1] ?? "";
  const blame: RowReader["blame"] = (code, column, more) => {
    const found = cell(column);
    faults.push({ line, code, column, ...(found !== "" && { found: cut(found) }), ...more });
  };
  return {
    ...{ faults, cell, blame },
    once(column, said) {
      const key = JSON.stringify([column, ...said]);
      const other = seen.get(key);
      if (other === undefined) seen.set(key, line);
      else blame("twice", column, { other });
    },
  };
}

function judgeTag(row: RowReader, { gateways, taken }: Known): void {
  const tag = row.cell("tag");
  if (tag === "") return;
  if (!DeviceTag.safeParse(tag).success) row.blame("tag", "tag");
  const gateway = row.cell("gateway");
  const plant = gateways.get(gateway);
  if (plant === undefined) return;
  const other = taken.get(plant)?.get(tag);
  if (other && other.silentOf !== gateway) row.blame("taken", "tag");
  row.once("tag", [plant, tag]);
}

function judgeUrl(row: RowReader): void {
  const url = row.cell("url");
  if (url === "") return;
  const place = /\s/.test(url) || url.length > longestUrl ? undefined : devicePlace(url);
  if (place === undefined) row.blame("url", "url");
  else row.once("url", [row.cell("gateway"), place]);
}

/** What the row says it is, else what its profile is of. */
function kindOf(row: RowReader, { profiles }: Known): DeviceKind | undefined {
  const profile = row.cell("profile");
  const known = profiles.get(profile);
  if (profile !== "" && !known) row.blame("profile", "profile");
  const said = row.cell("kind").toLowerCase();
  if (said === "") return known?.kind;
  const kind = kinds.get(said) ?? DeviceKind.safeParse(said).data;
  if (kind === undefined) row.blame("kind", "kind");
  else if (known && !known.isOfAnyKind && known.kind !== kind) row.blame("foreign", "kind");
  return kind;
}

function wattsOf(row: RowReader, column: "ratedAcKw" | "ratedDcKw"): number | undefined {
  const text = row.cell(column);
  if (text === "") return undefined;
  const watts = wattsOfKilowatts(text);
  if (watts !== undefined && watts <= mostWatts) return watts;
  row.blame("number", column);
  return undefined;
}

function isName(text: string): boolean {
  return text.length <= longestName && !text.includes("\0") && text.isWellFormed();
}

const kinds: ReadonlyMap<string, DeviceKind> = new Map([
  ["逆变器", "inverter"],
  ["电表", "meter"],
  ["电池", "battery"],
  ["储能", "battery"],
  ["传感器", "sensor"],
  ["气象站", "sensor"],
  ["数据采集器", "logger"],
]);

const yesNo: ReadonlyMap<string, boolean> = new Map([
  ...["yes", "true", "1", "是"].map((word) => [word, true] as const),
  ...["", "no", "false", "0", "否"].map((word) => [word, false] as const),
]);
