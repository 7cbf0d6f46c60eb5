import type { Page } from "playwright-core";

/** What can be pressed and is narrower or lower than that; what stands in a label is as large as it. */
export function smallTargetsOn(page: Page): Promise<string[]> {
  return page.locator("a, button, input, select, summary").evaluateAll((targets) =>
    targets
      .filter((each) => each.checkVisibility() && !each.closest('[class*="skip"]'))
      .map((each) => each.closest("label") ?? each)
      .filter((each) => {
        const { width, height } = each.getBoundingClientRect();
        return width > 1 && (width < 23.5 || height < 23.5);
      })
      .map((each) => `${each.tagName} ${each.textContent || each.getAttribute("aria-label")}`),
  );
}
