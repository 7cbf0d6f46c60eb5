// @vitest-environment happy-dom
import type { CurveGap } from "@sunledger/model";
import { cleanup, screen, within } from "@testing-library/react";
import { useTranslation } from "react-i18next";
import { afterEach, expect, test } from "vitest";
import { rendered } from "../testing/rendered.tsx";
import { useFormat } from "../use-format.ts";
import type { Columns } from "./columns.ts";
import { gapsIn } from "./gap-text.ts";
import type { ChartSpec } from "./spec.ts";
import { summaryOf } from "./summary.ts";
import { ValueTable } from "./value-table.tsx";

afterEach(cleanup);

const hour = 3_600_000;
const midnight = Date.parse("2026-06-21T00:00:00+08:00");
const outage: CurveGap = {
  from: midnight + 10 * hour,
  to: midnight + 21 * hour,
  reason: "gatewayOffline",
};
const columns: Columns = {
  at: [9, 10, 12, 15, 20, 21, 22].map((each) => midnight + each * hour),
  values: [
    [300, null, null, null, null, 5, 4],
    [70, null, null, 40, null, null, 0],
  ],
};

test("the table of a curve tells an outage in one row, and keeps what was measured meanwhile", async () => {
  await rendered(<Picture gaps={[outage]} />);

  expect(cells()).toEqual([
    ["Time (UTC+8)", "Power kW", "Irradiance W/m²"],
    ["2026-06-21 22:00:00", "4", "0"],
    ["2026-06-21 21:00:00", "5", "—"],
    ["no data 10:00–21:00 (gateway)", "—", "—"],
    ["2026-06-21 15:00:00", "—", "40"],
    ["2026-06-21 09:00:00", "300", "70"],
  ]);
});

test("an outage without any time in it is told as well, also in Chinese", async () => {
  const at = [9, 22].map((each) => midnight + each * hour);
  const values = [
    [300, 4],
    [70, 0],
  ];
  await rendered(<Picture gaps={[outage]} columns={{ at, values }} />, "zh-CN");

  expect(cells().map(([first]) => first)).toEqual([
    "时间（UTC+8）",
    "2026-06-21 22:00:00",
    "10:00–21:00 无数据（网关）",
    "2026-06-21 09:00:00",
  ]);
});

test("a gap that goes on ends at the present, and one of the future is none", async () => {
  const future = { ...outage, from: midnight + 23 * hour, to: midnight + 24 * hour };
  await rendered(<Picture gaps={[outage, future]} now={midnight + 20.5 * hour} />);

  const told = cells().flatMap(([first]) => (first?.startsWith("no data") ? first : []));
  expect(told).toEqual(["no data 10:00–20:30 (gateway)"]);
});

test("gaps of several days are told with their days", async () => {
  const long = { ...outage, from: midnight + 30 * hour, to: midnight + 59 * hour };
  await rendered(<Picture gaps={[outage, long]} days={7} />);

  const told = cells().flatMap(([first]) => (first?.startsWith("no data") ? first : []));
  expect(told).toEqual([
    "no data 22 Jun 06:00–23 Jun 11:00 (gateway)",
    "no data 21 Jun 10:00–21:00 (gateway)",
  ]);
});

test("a table of means says how long each is, its extremes, and the left axis first", async () => {
  const [power, sun] = bothSeries;
  if (!power || !sun) throw new Error("no series");
  const series = [sun, { ...power, extremes: { min: 2, max: 3 } }];
  const values = [[700], [300], [280], [320]];
  await rendered(
    <Picture gaps={[]} columns={{ at: [midnight], values }} series={series} everyMs={120_000} />,
  );

  expect(cells()).toEqual([
    [
      "Means of 2 min from (UTC+8)",
      "Power kW",
      "Power kW, min",
      "Power kW, max",
      "Irradiance W/m²",
    ],
    ["2026-06-21 00:00:00", "300", "280", "320", "700"],
  ]);
});

test("on a day that changes its clock each row says its own offset", async () => {
  const spring = Date.parse("2026-03-28T23:30:00Z");
  const at = [spring, spring + 3 * hour];
  const values = [
    [1, 2],
    [3, 4],
  ];
  await rendered(
    <Picture gaps={[]} columns={{ at, values }} zone="Europe/Berlin" start={spring} />,
  );

  expect(cells().map(([first]) => first)).toEqual([
    "Time (Europe/Berlin)",
    "2026-03-29 04:30:00 UTC+2",
    "2026-03-29 00:30:00 UTC+1",
  ]);
});

test("the sentence names a few gaps, and counts many", async () => {
  const many = [1, 2, 3, 4].map((each) => ({
    ...outage,
    from: midnight + each * hour,
    to: midnight + each * hour + hour / 2,
  }));
  await rendered(<Picture gaps={[outage]} />);
  expect(screen.getByRole("note").textContent).toBe(
    "Curve: Power kW between 4 and 300, last 4; Irradiance W/m² between 0 and 70, last 0. " +
      "no data 10:00–21:00 (gateway)",
  );
  cleanup();

  await rendered(<Picture gaps={many} />);
  expect(screen.getByRole("note").textContent).toMatch(/ 4 gaps$/);
  cleanup();

  await rendered(<Picture gaps={[]} />);
  expect(screen.getByRole("note").textContent).toMatch(/ 0 gaps$/);
});

type PictureProps = {
  readonly gaps: readonly CurveGap[];
  readonly columns?: Columns;
  readonly days?: number;
  readonly now?: number;
  readonly zone?: string;
  readonly start?: number;
  readonly everyMs?: number;
  readonly series?: ChartSpec["series"];
};

const bothSeries: ChartSpec["series"] = [
  { key: "power", label: "Power kW", token: "--s1", axis: "left", write: String },
  { key: "sun", label: "Irradiance W/m²", token: "--s2", axis: "right", write: String },
];

function Picture({ gaps, columns: own = columns, days = 1, now, ...other }: PictureProps) {
  const { zone = "Asia/Shanghai", start = midnight, everyMs, series = bothSeries } = other;
  const { t } = useTranslation();
  const format = useFormat();
  const bounds = { from: start, to: start + days * 24 * hour };
  const spec: ChartSpec = {
    ...{ zone, ...bounds, now },
    series,
    left: { write: String },
    gaps: gapsIn({ ...bounds, now }, gaps, { t, format, zone }),
    writeTick: String,
  };
  return (
    <>
      <ValueTable title="Curve" spec={spec} columns={own} everyMs={everyMs} />
      <p role="note">{summaryOf("Curve", spec, own, t)}</p>
    </>
  );
}

function cells(): (string | null)[][] {
  return screen
    .getAllByRole("row")
    .map((row) =>
      [...within(row).queryAllByRole("columnheader"), ...within(row).queryAllByRole("cell")].map(
        ({ textContent }) => textContent,
      ),
    );
}
