// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { focusFirstEmpty } from "./first-empty.ts";

afterEach(() => document.body.replaceChildren());

test.each([
  [{ email: "", password: "" }, "email"],
  [{ email: "who@sunledger.example", password: "" }, "password"],
  [{ email: "who@sunledger.example", password: "filled in" }, undefined],
])("the first field without text is where one begins: %j", (filled, focused) => {
  const form = document.createElement("form");
  for (const [name, value] of Object.entries(filled)) {
    const field = document.createElement("input");
    form.append(Object.assign(field, { name, value }));
  }
  document.body.append(form);

  focusFirstEmpty(form);

  const { activeElement: found } = document;
  expect(found instanceof HTMLInputElement ? found.name : undefined).toBe(focused);
});
