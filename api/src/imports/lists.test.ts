import { describe, expect, test } from "vitest";
import { csvList } from "./csv-list.ts";
import { mostRows, UnreadableList } from "./list-table.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

describe("a CSV list", () => {
  test.each([
    ["commas", "a,b\n1,2"],
    ["semicolons and a byte order mark", "\uFEFFa;b\r\n1;2\r\n"],
    ["tabs", "a\tb\n1\t2"],
  ])("is read with %s", (_, text) => {
    expect(csvList(utf8(text))).toEqual({
      head: ["a", "b"],
      rows: [{ line: 2, cells: ["1", "2"] }],
    });
  });

  test("is read as a Chinese Excel saves it", () => {
    // 位号,名称 in GB 18030
    const bytes = Uint8Array.from([0xce, 0xbb, 0xba, 0xc5, 0x2c, 0xc3, 0xfb, 0xb3, 0xc6]);

    expect(csvList(bytes).head).toEqual(["位号", "名称"]);
  });

  test("counts lines as an editor does, over empty ones and cells of several", () => {
    const { rows } = csvList(utf8('a,b\n\n1,"two\nlines"\n,\n2,3\n'));

    expect(rows.map(({ line }) => line)).toEqual([3, 6]);
  });

  test.each([
    ["nothing in it", "", "it is empty"],
    ["a quote that is never closed", 'a,b\n1,"2', "Quote"],
    ["more rows than one may have", `a\n${"1\n".repeat(mostRows + 1)}`, "more than 3000 rows"],
  ])("with %s is refused", (_, text, why) => {
    expect(() => csvList(utf8(text))).toThrow(UnreadableList);
    expect(() => csvList(utf8(text))).toThrow(why);
  });
});
