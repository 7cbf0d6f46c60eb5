import { deflateRawSync } from "node:zlib";
import exceljs from "exceljs";
import { describe, expect, test } from "vitest";
import { csvList } from "./csv-list.ts";
import { mostRows, UnreadableList } from "./list-table.ts";
import { sheetList } from "./sheet-list.ts";

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

describe("an Excel list", () => {
  test("is read with the lines that Excel shows", async () => {
    const bytes = await workbook((sheet) => {
      sheet.getRow(1).values = ["tag", "rated", "url"];
      sheet.getRow(3).values = ["INV-02", 110.5];
      sheet.getCell("C3").value = { text: "tcp://10.0.0.2", hyperlink: "tcp://10.0.0.2" };
      sheet.getCell("A4").value = { richText: [{ text: "INV" }, { text: "-03" }] };
      sheet.getCell("B4").value = { formula: "50+60", result: 110 };
    });

    expect(await sheetList(bytes)).toEqual({
      head: ["tag", "rated", "url"],
      rows: [
        { line: 3, cells: ["INV-02", "110.5", "tcp://10.0.0.2"] },
        { line: 4, cells: ["INV-03", "110"] },
      ],
    });
  });

  test("that is none is refused", async () => {
    await expect(sheetList(utf8("tag,name"))).rejects.toThrow("no Excel workbook");
    const cut = (await workbook((sheet) => sheet.addRow(["tag"]))).slice(0, -40);
    await expect(sheetList(cut)).rejects.toThrow(UnreadableList);
  });

  test("that unpacks to more than a list is refused, whatever it says of its size", async () => {
    const bomb = archive("xl/worksheets/sheet1.xml", Buffer.alloc(40 * 1024 * 1024));

    await expect(sheetList(bomb)).rejects.toThrow("unpacks to more");
  });
});

async function workbook(fill: (sheet: exceljs.Worksheet) => void): Promise<Uint8Array> {
  const book = new exceljs.Workbook();
  fill(book.addWorksheet("devices"));
  return new Uint8Array(await book.xlsx.writeBuffer());
}

/** A ZIP archive of one file that says of itself to be empty. */
function archive(name: string, content: Buffer): Uint8Array {
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end]);
}
