import { expect, test } from "vitest";
import { simulatorFault } from "./open-simulators.ts";

test("simulated devices are for this machine unless somebody says otherwise", () => {
  expect(faultOf("127.0.0.1", "no")).toBeUndefined();
  expect(faultOf("0.0.0.0", "yes")).toBeUndefined();
  expect(faultOf("0.0.0.0", "no")).toMatch(
    /^SUNLEDGER_SIMULATOR_HOST is 0\.0\.0\.0, .* Modbus knows neither TLS nor passwords/,
  );
});

function faultOf(host: string, open: "yes" | "no") {
  return simulatorFault({ SUNLEDGER_SIMULATOR_HOST: host, SUNLEDGER_SIMULATOR_OPEN: open });
}
