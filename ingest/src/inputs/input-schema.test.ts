import { inputSchemaText } from "@sunledger/model/inputs";
import { expect, test } from "vitest";

test("the published JSON Schema of mapping documents is the one they are read by; -u writes it anew", async () => {
  await expect(inputSchemaText()).toMatchFileSnapshot("../../input.schema.generated.json");
});
