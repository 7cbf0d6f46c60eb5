// @vitest-environment happy-dom
import { FailureCode, type OrderedCommand, RefusalCode } from "@sunledger/model";
import { cleanup, screen } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import { rendered } from "../kit/testing/rendered.tsx";
import { Outcome } from "./outcome.tsx";

afterEach(cleanup);

const id = "0198f3a0-0000-7000-8000-000000000001";
const at = Date.UTC(2026, 5, 21, 4);
const reason = "connect ECONNREFUSED 127.0.0.1:502";
const base = { v: 1, id, at } as const;
const ordered: OrderedCommand = {
  ...{ id, at, gateway: "roof-17", expiresAt: at + 30_000, state: "failed" },
  orderedBy: { id: "1", name: "Wang" },
  what: { kind: "test-read", url: "tcp://127.0.0.1:502", profile: "sunspec" },
  outcome: { ...base, state: "failed", code: "unreachable", reason },
};

describe("why an order came to no good end", () => {
  test.each(["en", "zh-CN"] as const)("has words for every code in %s", async (language) => {
    const refused = RefusalCode.options.map((code) => ({
      ...base,
      state: "refused",
      code,
      reason,
    }));
    const failed = FailureCode.options.map((code) => ({ ...base, state: "failed", code, reason }));
    for (const outcome of [...refused, ...failed] as OrderedCommand["outcome"][]) {
      await rendered(<Outcome command={{ ...ordered, outcome }} />, language);
      const said = screen.getByRole("alert").querySelector("p")?.textContent ?? "";
      expect(said).not.toMatch(/^(order:)?(refusal|failure)\./);
      expect(said.length).toBeGreaterThan(2);
      cleanup();
    }
  });

  test("is told to who reads English with the gateway's own words", async () => {
    const { container } = await rendered(<Outcome command={ordered} />);

    expect(screen.getByText(reason)).toBeDefined();
    expect(container.querySelector("details")).toBeNull();
  });

  test("keeps the gateway's English folded, and named, from who reads Chinese", async () => {
    const { container } = await rendered(<Outcome command={ordered} />, "zh-CN");

    expect(screen.getByText("无法连接设备。")).toBeDefined();
    const folded = screen.getByText("英文原文").closest("details");
    expect(folded?.open).toBe(false);
    expect(folded?.querySelector("[lang=en]")?.textContent).toBe(reason);
    expect(container.querySelector("p")?.textContent).not.toMatch(/[a-z]/);
  });
});
