// @vitest-environment happy-dom
import { cleanup } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { rendered } from "../kit/testing/rendered.tsx";
import { PointName } from "./point-name.tsx";

afterEach(cleanup);

test.each([
  ["dc.mppt.3.temperature", "dc.|mppt.|3.|temperature"],
  ["vendor", "vendor"],
  ["odd..name.", "odd.|.|name."],
])("the lines of %s end behind its dots: %s", async (name, lines) => {
  const { container } = await rendered(
    <code>
      <PointName name={name} />
    </code>,
  );
  const said = container.querySelector("code");

  expect(said?.textContent).toBe(name);
  expect(said?.innerHTML.replaceAll(/<wbr\s*\/?>/g, "|")).toBe(lines);
});
