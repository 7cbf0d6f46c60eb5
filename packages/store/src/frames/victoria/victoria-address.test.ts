import { describe, expect, test } from "vitest";
import { victoriaAddress } from "./victoria-address.ts";

describe("the address of a VictoriaMetrics", () => {
  test("is one server's, for writing and reading", () => {
    expect(victoriaAddress("victoriametrics+https://ann:s%20cret@vm.example:8428")).toEqual({
      writeUrl: "https://vm.example:8428",
      readUrl: "https://vm.example:8428",
      retention: undefined,
      signIn: "ann:s cret",
    });
  });

  test("names both ends of a cluster, and what that keeps", () => {
    const cluster =
      "victoriametrics+http://in:8480/insert/0/influx/" +
      "?read=http://out:8481/select/0/prometheus/&retention=100y";

    expect(victoriaAddress(cluster)).toEqual({
      writeUrl: "http://in:8480/insert/0/influx",
      readUrl: "http://out:8481/select/0/prometheus",
      retention: "100y",
      signIn: undefined,
    });
  });

  test.each([
    ["victoriametrics+http://ann:secret@vm/?raed=x", /says raed/],
    ["victoriametrics+http://ann:secret@vm/?read=vmselect", /reads where nothing can be/],
    ["victoriametrics+http://ann:secret@in/i?read=http://out/s", /lacks its retention/],
    [
      "victoriametrics+http://in/i?read=http://ann:secret@out/s&retention=100y",
      /names who signs in twice/,
    ],
  ])("is refused in one sentence that keeps the password to itself: %s", (address, message) => {
    expect(() => victoriaAddress(address)).toThrow(message);
    expect(() => victoriaAddress(address)).not.toThrow(/secret/);
  });
});
