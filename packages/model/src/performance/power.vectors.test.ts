import { describe, expect, test } from "vitest";
import {
  faiman,
  type Mounting,
  mountings,
  noct,
  pvsyst,
  sapmCell,
  sapmModule,
} from "./cell-temperature.ts";
import { ashraeModifier, physicalModifier } from "./incidence-modifier.ts";
import { peerDeviation } from "./peer-deviation.ts";
import { pvwattsAc, pvwattsDc, totalLoss } from "./pvwatts.ts";
import vectors from "./vectors.json" with { type: "json" };

describe("[cell_temperature]", () => {
  test.each(vectors.cell_temperature)("$poa W/m², $temp_air °C, $wind m/s", (v) => {
    const around = { irradiance: v.poa, airTemperature: v.temp_air, wind: v.wind };
    const cell = (mounting: Mounting) => sapmCell(around, mounting);

    expect(faiman(around)).toBeCloseTo(v.faiman_25_6_84, 3);
    expect(cell(mountings.openRackGlassGlass)).toBeCloseTo(v.sapm_cell_open_rack_glass_glass, 3);
    expect(cell(mountings.openRackGlassPolymer)).toBeCloseTo(
      v.sapm_cell_open_rack_glass_polymer,
      3,
    );
    expect(cell(mountings.closeRoofGlassGlass)).toBeCloseTo(v.sapm_cell_close_mount_glass_glass, 3);
    expect(cell(mountings.insulatedBackGlassPolymer)).toBeCloseTo(
      v.sapm_cell_insulated_back_glass_polymer,
      3,
    );
    expect(sapmModule(around, mountings.openRackGlassPolymer)).toBeCloseTo(
      v.sapm_module_open_rack_glass_polymer,
      3,
    );
    expect(pvsyst(around)).toBeCloseTo(v.pvsyst_freestanding, 3);
    expect(noct(around)).toBeCloseTo(v.noct_ross_45, 3);
  });
});

test("[sapm_params]", () => {
  expect({
    open_rack_glass_glass: mountings.openRackGlassGlass,
    close_mount_glass_glass: mountings.closeRoofGlassGlass,
    open_rack_glass_polymer: mountings.openRackGlassPolymer,
    insulated_back_glass_polymer: mountings.insulatedBackGlassPolymer,
  }).toEqual(vectors.sapm_params);
});

test.each(vectors.pvwatts_dc)("[pvwatts_dc] $g W/m², $tc °C, $pdc0 W", (v) => {
  expect(pvwattsDc(v.g, v.tc, { power: v.pdc0, gamma: v.gamma })).toBeCloseTo(v.p, 3);
});

test.each(vectors.pvwatts_inverter)("[pvwatts_inverter] $pdc of $pdc0 W", (v) => {
  const ac = pvwattsAc(v.pdc, { dcPower: v.pdc0, nominalEfficiency: v.eta_nom });

  expect(ac).toBeCloseTo(v.pac, 3);
});

test("[pvwatts_losses_default_pct]", () => {
  expect(100 * totalLoss()).toBeCloseTo(vectors.pvwatts_losses_default_pct, 3);
});

test.each(vectors.iam_physical)("[iam_physical] $aoi", ({ aoi, v }) => {
  expect(physicalModifier(aoi)).toBeCloseTo(v, 4);
});

test.each(vectors.iam_ashrae_b005)("[iam_ashrae_b005] $aoi", ({ aoi, v }) => {
  expect(ashraeModifier(aoi)).toBeCloseTo(v, 4);
});

test("[peer_modified_z]", () => {
  const v = vectors.peer_modified_z;
  const deviation = peerDeviation(v.x);

  expect(deviation?.median).toBeCloseTo(v.median, 6);
  expect(deviation?.mad).toBeCloseTo(v.mad, 6);
  v.z.forEach((z, i) => {
    expect(deviation?.z[i]).toBeCloseTo(z, 3);
    expect(deviation?.ratio[i]).toBeCloseTo(v.ratio[i] ?? Number.NaN, 3);
  });
});
