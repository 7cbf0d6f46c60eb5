// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import axe from "axe-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { patient } from "../../../tests/support/patient.ts";
import { ApiProblem } from "../app/http.ts";
import { type DataColumn, DataTable, type Sort } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ErrorTile } from "./error-tile.tsx";
import { Freshness, useFreshnessText } from "./freshness.tsx";
import { RangeBar } from "./range-bar.tsx";
import { Spark, sparkPath } from "./spark.tsx";
import { rendered } from "./testing/rendered.tsx";
import { Tile } from "./tile.tsx";
import { Value } from "./value.tsx";

afterEach(cleanup);

const kilowatts = { number: "67.41", unit: "kW" };

describe("a value", () => {
  test("out of its range is said to be invalid in a word", async () => {
    const { container } = await rendered(<Value written={undefined} state="live" flag="invalid" />);

    expect(container.textContent).toBe("invalid");
  });

  test("is written with its unit", async () => {
    const { container } = await rendered(<Value written={kilowatts} state="live" />);

    expect(container.textContent).toBe("67.41\u2009kW");
  });

  test("that is not known is a dash with its reason", async () => {
    await rendered(<Value written={undefined} state="live" flag="notImplemented" />);

    expect(screen.getByText("—").title).toBe("not provided by the device");
  });

  test("in doubt carries a mark and the reason", async () => {
    await rendered(<Value written={kilowatts} state="live" flag="suspect" />, "zh-CN");

    expect(screen.getByTitle("可疑").textContent).toContain("~67.41");
  });

  test("in doubt and below zero keeps the mark off the sign, as a tile does", async () => {
    const written = { number: "−67.41", unit: "kW" };
    const { container } = await rendered(
      <>
        <Value written={written} state="live" flag="suspect" />
        <Tile label="Grid" written={written} state="live" uncertain sub="7 of 8 reporting" />
      </>,
    );

    expect(container.textContent?.match(/~\u2009−67\.41/g)).toHaveLength(2);
  });
});

describe("an age", () => {
  test.each([
    ["live", 1_000, "1 s"],
    ["stale", 372_000, "stale 6 min"],
    ["offline", 22_320_000, "offline 6 h 12 min"],
  ] as const)("%s and %d ms old is said so", async (state, age, text) => {
    await rendered(<Freshness state={state} at={1e12} now={1e12 + age} zone="Asia/Shanghai" />);

    expect(screen.getByTitle("2001-09-09 09:46:40").textContent).toBe(text);
  });
});

describe("what cannot be reached", () => {
  test.each([
    ["en", 43_000, "offline since 09:46:40"],
    ["en", 86_400_000, "offline since 2001-09-09 09:46:40"],
    ["zh-CN", 43_000, "离线：自 09:46:40 起"],
  ] as const)("is offline since its last value, in %s after %d ms", async (language, age, text) => {
    const told = { state: "offline", at: 1e12, now: 1e12 + age, zone: "Asia/Shanghai" } as const;
    const Words = () => useFreshnessText()(told);
    const { container } = await rendered(<Words />, language);

    expect(container.textContent).toBe(text);
  });
});

test.each([
  [-100, 300, "25%"],
  [0, 300, undefined],
  [5, 300, undefined],
])("a range from %d to %d has its zero marked at %s", async (from, to, left) => {
  const { container } = await rendered(<RangeBar value={40} from={from} to={to} />);

  expect(container.querySelector<HTMLElement>("[data-zero]")?.style.left).toBe(left);
});

describe("a table", () => {
  test("sorts down, up and back, with rows without a value at the end going down", async () => {
    const onSort = vi.fn();
    await rendered(table({ onSort }));
    fireEvent.click(screen.getByRole("button", { name: /Power/ }));
    expect(onSort).toHaveBeenCalledWith({ by: "power", down: true });

    cleanup();
    await rendered(table({ onSort, sort: { by: "power", down: true } }));
    expect(firstColumn()).toEqual(["C", "A", "B"]);
    expect(screen.getByRole("columnheader", { name: /Power/ }).getAttribute("aria-sort")).toBe(
      "descending",
    );
    fireEvent.click(screen.getByRole("button", { name: /Power/ }));
    expect(onSort).toHaveBeenLastCalledWith({ by: "power", down: false });
  });

  test("opens a row by pointer and by Enter, and moves between rows by arrows", async () => {
    const onOpen = vi.fn();
    await rendered(table({ onOpen }));
    const [, first, second] = screen.getAllByRole("row");
    if (!first || !second) throw new Error("rows expected");
    first.focus();
    fireEvent.keyDown(first, { key: "ArrowDown" });
    expect(document.activeElement).toBe(second);
    fireEvent.keyDown(second, { key: "Enter" });
    fireEvent.click(first);

    expect(onOpen.mock.calls.map(([row]) => row.name)).toEqual(["B", "A"]);
  });

  test("groups its rows while nothing is sorted", async () => {
    await rendered(table({ groupOf: ({ name }) => (name === "C" ? "last" : "first") }));

    expect(screen.getAllByRole("rowheader").map((head) => head.textContent)).toEqual([
      "first",
      "last",
    ]);
  });

  test("keeps pinned rows on top, sorted or not", async () => {
    const isPinned = ({ name }: Row) => name === "B";
    await rendered(table({ isPinned }));
    expect(firstColumn()).toEqual(["B", "A", "C"]);

    cleanup();
    await rendered(table({ isPinned, sort: { by: "power", down: true } }));
    expect(firstColumn()).toEqual(["B", "C", "A"]);
  });

  test("with ten thousand rows draws only some and says how many there are", async () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => ({ name: `${index}`, power: index }));
    await rendered(
      <DataTable caption="Long" columns={columns} rows={rows} rowKey={({ name }) => name} />,
    );

    await screen.findAllByRole("row", {}, patient);
    expect(screen.getByRole("table").getAttribute("aria-rowcount")).toBe("10001");
    expect(screen.getAllByRole("row").length).toBeLessThan(200);
  });
});

describe("a failure", () => {
  test("says what failed, the reference to quote, and can be tried again", async () => {
    const retry = vi.fn();
    const error = new ApiProblem(0, "network.unreachable", "fetch failed", "req-7f3a91");
    await rendered(<ErrorTile error={error} retry={retry} />);
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));

    expect(screen.getByRole("alert").textContent).toContain("The server cannot be reached.");
    expect(screen.getByText("req-7f3a91")).toBeTruthy();
    expect(retry).toHaveBeenCalledOnce();
  });

  test.each([
    ["profiles.unknown", "en", "There is no such profile."],
    ["profiles.unknown", "zh-CN", "没有这个配置文件。"],
    ["store.unavailable", "en", "The database is away just now."],
    ["store.unavailable", "zh-CN", "数据库暂时不可用。"],
    ["something.new", "en", "The server could not answer."],
  ] as const)("says what %s means in %s", async (code, language, text) => {
    const error = new ApiProblem(503, code, "detail");
    await rendered(<ErrorTile error={error} retry={() => undefined} />, language);

    expect(screen.getByRole("alert").textContent).toContain(text);
  });
});

test("a small curve lifts the pen over a gap", () => {
  expect(sparkPath([1, 2, null, 4], 4).match(/M/g)).toHaveLength(2);
});

describe("every part", () => {
  test.each(["en", "zh-CN"] as const)("is accessible in %s", async (language) => {
    const { container } = await rendered(
      <main>
        <h1>Kit</h1>
        <h2>Tiles</h2>
        <Tile
          label="Active power"
          written={kilowatts}
          state="stale"
          uncertain
          bar={<RangeBar value={67} from={0} to={110} band={{ from: 60, to: 80 }} />}
          sub="7 of 8 reporting"
        />
        <Spark values={[1, null, 3]} label="Power today" />
        {table({ onSort: () => undefined })}
        <EmptyState title="No plants yet" why="None has been set up." />
        <ErrorTile error={new Error("x")} retry={() => undefined} />
      </main>,
      language,
    );
    const { violations } = await axe.run(container, {
      rules: { "color-contrast": { enabled: false } },
    });

    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});

type Row = { readonly name: string; readonly power: number | null };

const columns: DataColumn<Row>[] = [
  { id: "name", head: "Name", cell: ({ name }) => name, sortBy: ({ name }) => name },
  {
    id: "power",
    head: "Power",
    align: "end",
    cell: ({ power }) => power,
    sortBy: ({ power }) => power,
    largestFirst: true,
  },
];

type Wanted = {
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort | undefined) => void;
  readonly onOpen?: (row: Row) => void;
  readonly groupOf?: (row: Row) => string;
  readonly isPinned?: (row: Row) => boolean;
};

function table(wanted: Wanted) {
  const rows: Row[] = [
    { name: "A", power: 2 },
    { name: "B", power: null },
    { name: "C", power: 10 },
  ];
  return (
    <DataTable
      caption="Inverters"
      columns={columns}
      rows={rows}
      rowKey={({ name }) => name}
      {...wanted}
    />
  );
}

function firstColumn() {
  const [, ...rows] = screen.getAllByRole("row");
  return rows.map((row) => within(row).getAllByRole("cell")[0]?.textContent);
}
