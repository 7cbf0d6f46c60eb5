import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { timeAvailability } from "./availability.ts";
import { capacityFactor, energy, nightConsumption, systemEfficiency } from "./energy.ts";
import type { PerformanceInterval } from "./interval.ts";
import { performanceRatio, weightedModuleTemperature } from "./performance-ratio.ts";
import vectors from "./vectors.json" with { type: "json" };
import { irradiation, yields } from "./yields.ts";

describe("[kpi_small]", () => {
  const { input, ...expected } = vectors.kpi_small;
  const ratedDcW = input.p0_kw * 1000;
  const hours = input.interval_h;
  const intervals: PerformanceInterval[] = input.poa_wm2.map((irradiance, i) => ({
    irradiance,
    moduleTemperature: input.t_mod_c[i] ?? null,
    acPower: (input.p_ac_kw[i] ?? 0) * 1000,
    dcPower: (input.p_dc_kw[i] ?? 0) * 1000,
  }));
  const acPowers = input.p_ac_kw.map((power) => power * 1000);

  test("yields and losses", () => {
    const found = yields(intervals, { ratedDcW, hours });

    expect(found.reference).toBeCloseTo(expected.Yr, 6);
    expect(found.array).toBeCloseTo(expected.Ya, 6);
    expect(found.final).toBeCloseTo(expected.Yf, 6);
    expect(found.captureLoss).toBeCloseTo(expected.L_capture, 6);
    expect(found.systemLoss).toBeCloseTo(expected.L_bos, 6);
  });

  test("performance ratios", () => {
    const { gamma } = input;

    expect(performanceRatio(intervals, ratedDcW)).toBeCloseTo(expected.PR, 6);
    expect(performanceRatio(intervals, ratedDcW, { gamma, reference: 25 })).toBeCloseTo(
      expected.PR_stc,
      6,
    );
    const annual = { gamma, reference: input.t_mod_annual_c };
    expect(performanceRatio(intervals, ratedDcW, annual)).toBeCloseTo(expected.PR_annual, 6);
    expect(weightedModuleTemperature(intervals)).toBeCloseTo(expected.T_mod_irr_weighted, 6);
  });

  test("capacity factors and efficiency", () => {
    const dcPowers = input.p_dc_kw.map((power) => power * 1000);

    expect(capacityFactor(acPowers, ratedDcW)).toBeCloseTo(expected.CF_dc, 6);
    expect(capacityFactor(acPowers, input.p_ac_rated_kw * 1000)).toBeCloseTo(expected.CF_ac, 6);
    expect(systemEfficiency(energy(acPowers, hours), energy(dcPowers, hours))).toBeCloseTo(
      expected.eta_bos,
      6,
    );
  });
});

describe("[kpi_real_5days]", () => {
  const expected = vectors.kpi_real_5days;
  const hours = 5 / 60;
  const ratedDcW = expected.p0_kw * 1000;
  const rows = readTrace(expected.file);
  const intervals: PerformanceInterval[] = rows.map((row) => ({
    irradiance: row("met1_poa_pyranometer"),
    moduleTemperature: row("met1_mod_temp1"),
    acPower: row("meter_power"),
  }));
  const powers = rows.map((row) => row("meter_power"));

  test("yields and performance ratios", () => {
    const found = yields(intervals, { ratedDcW, hours });

    expect(rows).toHaveLength(expected.rows);
    expect(found.reference).toBeCloseTo(expected.Yr, 4);
    expect(found.final).toBeCloseTo(expected.Yf, 4);
    expect(performanceRatio(intervals, ratedDcW)).toBeCloseTo(expected.PR, 5);
    const standard = { gamma: expected.gamma, reference: 25 };
    expect(performanceRatio(intervals, ratedDcW, standard)).toBeCloseTo(expected.PR_stc, 5);
    expect(weightedModuleTemperature(intervals)).toBeCloseTo(expected.T_mod_irr_weighted, 5);
  });

  test("energy, night consumption, capacity factor, availability", () => {
    expect(energy(powers, hours) / 1000).toBeCloseTo(expected.energy_kwh, 2);
    expect(nightConsumption(powers, hours) / 1000).toBeCloseTo(expected.night_consumption_kwh, 2);
    expect(capacityFactor(powers, ratedDcW)).toBeCloseTo(expected.CF_dc, 6);
    expect(
      irradiation(
        rows.map((row) => row("met1_poa_pyranometer")),
        hours,
      ),
    ).toBeCloseTo(expected.Yr, 4);
    const available = timeAvailability(
      rows.map((row) => ({ irradiance: row("met1_poa_pyranometer"), power: row("meter_power") })),
      { rating: ratedDcW },
    );
    expect(available.useful).toBe(expected.useful_intervals_poa_gt_50);
    expect(available.share).toBe(expected.time_availability);
  });
});

function readTrace(file: string): ((column: string) => number)[] {
  const place = new URL(`../../../../tests/data/pv/${file}`, import.meta.url);
  const [head = "", ...lines] = gunzipSync(readFileSync(place)).toString().trim().split("\n");
  const columns = head.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    return (column) => Number(cells[columns.indexOf(column)]);
  });
}
