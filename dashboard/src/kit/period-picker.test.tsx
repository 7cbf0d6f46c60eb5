// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { patient } from "../../../tests/support/patient.ts";
import type { Period } from "./period.ts";
import { PeriodPicker } from "./period-picker.tsx";
import { rendered } from "./testing/rendered.tsx";

afterEach(cleanup);

/** Shortly after midnight at the plant: in Europe it is still the day before. */
const now = Date.parse("2026-06-21T00:30:00+08:00");

describe("the calendar of a period", () => {
  test("opens on the last day, in the plant's time, and offers none of the future", async () => {
    const { calendar, day } = await opened("today");

    expect(calendar.getByText("June 2026")).toBeTruthy();
    expect(day("21 June 2026").getAttribute("data-autofocus")).toBe("true");
    expect([day("21 June 2026").disabled, day("22 June 2026").disabled]).toEqual([false, true]);
  });

  test("opens in the picker's own place: what stands around it sees one element", async () => {
    const { container, onChange } = await opened("today");

    expect(container.querySelector("main")?.children).toHaveLength(1);
    expect(onChange).not.toHaveBeenCalled();
  });

  test("answers the chosen day, which for today goes on being today, and closes", async () => {
    const { day, onChange } = await opened("today");
    fireEvent.click(day("3 June 2026"));
    expect(onChange).toHaveBeenLastCalledWith("2026-06-03");
    expect(screen.queryByRole("dialog")).toBeNull();

    cleanup();
    const again = await opened("2026-06-03");
    expect(again.day("3 June 2026").getAttribute("data-autofocus")).toBe("true");
    fireEvent.click(again.day("21 June 2026"));
    expect(again.onChange).toHaveBeenLastCalledWith("today");
  });

  test("takes a date that is typed", async () => {
    const { calendar, onChange } = await opened("today");
    const field = calendar.getByLabelText("Date");
    const type = (value: string) => {
      fireEvent.change(field, { target: { value } });
      fireEvent.submit(field);
    };

    type("2026-02-30");
    expect(calendar.getByText("Write a date as 2026-06-21.")).toBeTruthy();
    type("7d");
    expect(calendar.getByText("Write a date as 2026-06-21.")).toBeTruthy();
    type("2026-06-22");
    expect(calendar.getByText("This day is still to come.")).toBeTruthy();
    expect(onChange).not.toHaveBeenCalled();

    type(" 2026-06-03 ");
    expect(onChange).toHaveBeenCalledWith("2026-06-03");
  });

  test("closes by Escape wherever the focus is", async () => {
    await opened("today");
    fireEvent.keyDown(document.body, { key: "Escape" });

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull(), patient);
  });

  test("speaks Chinese", async () => {
    const { calendar, day } = await opened("today", "zh-CN");

    expect(calendar.getByText("2026年6月")).toBeTruthy();
    expect(calendar.getByText("一")).toBeTruthy();
    expect(day("2026年6月3日")).toBeTruthy();
    expect(calendar.getByRole("button", { name: "上个月" })).toBeTruthy();
  });

  test.each(["en", "zh-CN"] as const)("is accessible in %s", async (language) => {
    const { container } = await opened("2026-06-03", language);
    const { violations } = await axe.run(container, {
      rules: { "color-contrast": { enabled: false } },
    });

    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});

async function opened(period: Period, language: "en" | "zh-CN" = "en") {
  const onChange = vi.fn();
  const { container } = await rendered(
    <main>
      <PeriodPicker period={period} zone="Asia/Shanghai" now={now} onChange={onChange} />
    </main>,
    language,
  );
  fireEvent.click(screen.getAllByRole("button").at(-1) as HTMLElement);
  const calendar = within(await screen.findByRole("dialog", {}, patient));
  await calendar.findAllByRole("button", {}, patient);
  const day = (name: string) => calendar.getByRole<HTMLButtonElement>("button", { name });
  return { container, calendar, day, onChange };
}
