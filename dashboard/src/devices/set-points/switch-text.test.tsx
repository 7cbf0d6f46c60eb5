// @vitest-environment happy-dom
import type { DeviceDetail } from "@sunledger/model";
import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { rendered } from "../../kit/testing/rendered.tsx";
import { useSwitchText } from "./switch-text.ts";

afterEach(cleanup);

const point = "setpoint.activePower.enable";
const enable: DeviceDetail["points"][number] = {
  ...{ name: point, unit: "", kind: "setpoint", lane: "values", everyMs: 60_000 },
  source: "123:WMaxLim_Ena",
};

test.each([
  ["by its label and register", [enable], "Active power limit on (123:WMaxLim_Ena) = 1"],
  ["by its name where the device has not told it", [], `Active power limit on (${point}) = 1`],
])("names what a set-point switches on %s", async (_, points, text) => {
  await rendered(<Said points={points} enabledBy={{ point, equals: 1 }} />);

  expect(screen.getByRole("note").textContent).toBe(text);
});

test("says nothing where a set-point counts by itself", async () => {
  await rendered(<Said points={[enable]} />);

  expect(screen.getByRole("note").textContent).toBe("");
});

type SaidProps = Pick<DeviceDetail, "points"> & {
  readonly enabledBy?: { readonly point: string; readonly equals: number };
};

function Said({ points, enabledBy }: SaidProps) {
  const tell = useSwitchText({ points });
  return <p role="note">{tell({ enabledBy })}</p>;
}
