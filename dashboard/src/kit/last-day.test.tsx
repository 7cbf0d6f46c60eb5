// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { LastDay } from "./last-day.tsx";
import { rendered } from "./testing/rendered.tsx";

afterEach(cleanup);

/** Evening in Denver, when in London it is the next day. */
const at = Date.parse("1990-10-13T18:30:00-06:00");

test.each([
  ["en", "Last data: 13 October 1990 – show that day"],
  ["zh-CN", "最后数据：1990年10月13日 – 查看当天"],
] as const)("leads to the plant's day of the newest data, in %s", async (language, name) => {
  const onShow = vi.fn();
  await rendered(<LastDay at={at} zone="America/Denver" onShow={onShow} />, language);

  fireEvent.click(screen.getByRole("button", { name }));

  expect(onShow).toHaveBeenCalledWith("1990-10-13");
});
