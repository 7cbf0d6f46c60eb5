import type { ImportColumn, ImportFault } from "@sunledger/model";
import { cut } from "./cut.ts";
import type { ListTable } from "./list-table.ts";

/** What a column may be called, without case, spaces and marks. The first is the template's. */
const names: Readonly<Record<ImportColumn, readonly string[]>> = {
  gateway: ["gateway", "网关"],
  tag: ["tag", "位号"],
  name: ["name", "nameen", "名称"],
  nameZh: ["namezh", "namechinese", "中文名称"],
  profile: ["profile", "配置文件", "设备配置文件"],
  url: ["url", "address", "地址"],
  kind: ["kind", "类型"],
  ratedAcKw: ["ratedackw", "额定交流功率kw"],
  ratedDcKw: ["rateddckw", "额定直流功率kw"],
  atGrid: ["atgrid", "位于并网点", "并网点"],
};

const columnOfName = new Map(
  Object.entries(names).flatMap(([column, all]) =>
    all.map((name) => [name, column as ImportColumn] as const),
  ),
);

/** Without these a device cannot be polled. */
export const neededColumns = [
  "gateway",
  "tag",
  "name",
  "profile",
  "url",
] as const satisfies ImportColumn[];

export type ListHead = {
  /** Where each column stands, from 0. */
  readonly places: ReadonlyMap<ImportColumn, number>;
  readonly faults: readonly ImportFault[];
};

/** Which column is where. A column that nobody knows is a fault: what it says would be lost silently. */
export function readHead({ head }: Pick<ListTable, "head">): ListHead {
  const places = new Map<ImportColumn, number>();
  const faults: ImportFault[] = [];
  for (const [place, name] of head.entries()) {
    if (name === "") continue;
    const column = columnOfName.get(name.toLowerCase().replace(/[\s_.,()（）-]/g, ""));
    if (column && !places.has(column)) places.set(column, place);
    else faults.push({ line: 1, code: "column", found: cut(name) });
  }
  for (const column of neededColumns) {
    if (!places.has(column)) faults.push({ line: 1, code: "missing", column });
  }
  return { places, faults };
}
