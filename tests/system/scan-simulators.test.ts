import { fileURLToPath } from "node:url";
import { drivenClock, systemClock } from "@sunledger/runtime";
import { expect, test } from "vitest";
import { loadProfiles } from "../../gateway/src/profiles/load-profiles.ts";
import { scanDevice } from "../../gateway/src/scan/scan-device.ts";
import { loadSunspecModels, sunspecPointNames } from "../../gateway/src/sunspec/models.ts";
import { startSimulators } from "../../simulators/src/app.ts";
import { loadScenario } from "../../simulators/src/scenario/load-scenario.ts";
import { testScope } from "../../simulators/src/testing/scope.ts";

const demo = fileURLToPath(new URL("../../simulators/scenarios/demo.yaml", import.meta.url));
const noon = Date.parse("2026-06-21T12:00:00+08:00");

test("a scan takes every device of the demo for what it is", async () => {
  const scenario = await loadScenario(demo);
  const scope = testScope();
  const clock = drivenClock(noon);
  const served = await startSimulators({ scenario, clock, host: "127.0.0.1", port: 0 }, scope);
  const models = loadSunspecModels();
  const profiles = loadProfiles({ sunspec: sunspecPointNames(models) });
  const quiet = () => undefined;
  try {
    const found = await Promise.all(
      served.map(async ({ plant, device, port }) => {
        const { devices } = await scanDevice({
          ...{ url: `tcp://127.0.0.1:${port}`, profiles, models, clock: systemClock() },
          log: { debug: quiet, info: quiet, warn: quiet },
          signal: scope.signal,
        });
        const [{ kind, profile, confidence } = { confidence: 0 }] = devices;
        return { tag: `${plant}/${device}`, kind, profile, isSure: confidence >= 60 };
      }),
    );

    expect(found).toEqual(
      scenario.plants.flatMap(({ code, devices }) =>
        devices.map(({ tag, kind, profile }) => ({
          ...{ tag: `${code}/${tag}`, kind, profile },
          isSure: true,
        })),
      ),
    );
  } finally {
    await scope.stop();
  }
});
