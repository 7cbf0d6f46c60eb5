import { deflateRawSync } from "node:zlib";
import exceljs from "exceljs";
import { describe, expect, test, vi } from "vitest";
import { csvList } from "./csv-list.ts";
import { mostRows, UnreadableList } from "./list-table.ts";
import { sheetList } from "./sheet-list.ts";
import { refuseLargeArchive } from "./unpacked-size.ts";

// A workbook is read in a thread of its own, which a busy machine is slow to start.
vi.setConfig({ testTimeout: 60_000 });

const firstSheet = "xl/worksheets/sheet1.xml";
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

  test("says that its letters may be others where it is no UTF-8", () => {
    const bytes = Uint8Array.from([0xce, 0xbb, 0xba, 0xc5, 0x2c, 0xc3, 0xfb, 0xb3, 0xc6]);

    expect(csvList(bytes).readAs).toBe("gb18030");
    expect(csvList(utf8("位号,名称"))).not.toHaveProperty("readAs");
  });

  test.each([
    ["little", [0xff, 0xfe], (letter: number) => [letter & 255, letter >> 8]],
    ["big", [0xfe, 0xff], (letter: number) => [letter >> 8, letter & 255]],
  ])("is read as UTF-16 of %s end, which Excel calls Unicode text", (_, mark, bytesOf) => {
    const letters = [..."位号\t名称\r\nINV-01\t屋顶"].map((letter) => letter.charCodeAt(0));
    const list = csvList(Uint8Array.from([...mark, ...letters.flatMap(bytesOf)]));

    expect([list.head, list.rows[0]?.cells]).toEqual([
      ["位号", "名称"],
      ["INV-01", "屋顶"],
    ]);
  });

  test("of a western code is refused rather than read as Chinese", () => {
    const latin1 = Buffer.from("tag,name\nINV-01,Dachfläche Süd\nINV-02,Garage Öst", "latin1");

    expect(() => csvList(latin1)).toThrow(UnreadableList);
    expect(() => csvList(latin1)).toThrow("save it as CSV UTF-8");
  });

  test("counts lines as an editor does, over empty ones and cells of several", () => {
    const { rows } = csvList(utf8('a,b\n\n1,"two\nlines"\n,\n2,3\n'));

    expect(rows.map(({ line }) => line)).toEqual([3, 6]);
  });

  test.each([
    ["nothing in it", "", "it is empty"],
    ["a quote that is never closed", 'a,b\n1,"2', "Quote"],
    ["more rows than one may have", `a\n${"1\n".repeat(mostRows + 1)}`, "more than 3000 rows"],
    ["more columns than one may have", `${"x,".repeat(1_000)}\n`, "more than 100 columns"],
    ["a head without end", "x,".repeat(1_000_000), "Max Record Size"],
    ["nothing but separators", `a,b\n${",\n".repeat(900_000)}`, "more than 3000 rows"],
    ["nothing but ends of lines", "\n".repeat(2_000_000), "it is empty"],
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
    const bomb = Buffer.from(archive({ [firstSheet]: " ".repeat(40 * 1024 * 1024) }));
    // Its only entry says of itself to be empty.
    bomb.writeUInt32LE(0, bomb.readUInt32LE(bomb.length - 22 + 16) + 24);

    await expect(sheetList(bomb)).rejects.toThrow("unpacks to more");
  });

  test("with a far cell is refused", async () => {
    const far = await workbook((sheet) => {
      sheet.getCell("A1").value = "tag";
      sheet.getCell("XFD2").value = "far";
    });
    await expect(sheetList(far)).rejects.toThrow("more than 100 columns");
  });

  test("whose ranges name more cells than memory holds costs its thread alone", async () => {
    const sheet = (merged: string) => `<worksheet><sheetData><row r="1">
      <c r="A1" t="str"><v>tag</v></c></row></sheetData>
      <mergeCells count="1"><mergeCell ref="${merged}"/></mergeCells></worksheet>`;
    const bomb = workbookOf(sheet("A2:XFD1048576"));

    await expect(sheetList(bomb)).rejects.toThrow("asks for more");
    expect((await sheetList(workbookOf(sheet("A2:B2")))).head).toEqual(["tag"]);
  });

  test.each<[string, (bytes: Buffer) => Uint8Array]>([
    ["counts fewer files than it has", (bytes) => countedAs(bytes, 0)],
    ["counts more files than it has", (bytes) => countedAs(bytes, 2)],
    ["has its directory elsewhere, for large archives", (bytes) => countedAs(bytes, 0xffff)],
    ["is of several disks", (bytes) => withDisk(bytes, 1)],
    ["is of as many disks as say that it is large", (bytes) => withDisk(bytes, 0xffff)],
    ["begins with something else", (bytes) => Buffer.concat([bytes.subarray(0, -22), bytes])],
  ])("that %s is refused: what reads it would look elsewhere than its guard", (_, changed) => {
    const bytes = Buffer.from(archive({ [firstSheet]: "<worksheet/>" }));
    expect(() => refuseLargeArchive(bytes)).not.toThrow();
    expect(() => refuseLargeArchive(changed(bytes))).toThrow(UnreadableList);
  });
});

async function workbook(fill: (sheet: exceljs.Worksheet) => void): Promise<Uint8Array> {
  const book = new exceljs.Workbook();
  fill(book.addWorksheet("devices"));
  return new Uint8Array(await book.xlsx.writeBuffer());
}

/** The least that is a workbook. */
function workbookOf(sheet: string): Uint8Array {
  const named = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  return archive({
    "xl/workbook.xml": `<workbook><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="${named}/worksheet"
      Target="worksheets/sheet1.xml"/></Relationships>`,
    "xl/worksheets/sheet1.xml": sheet,
  });
}

/** A ZIP archive of files that say of themselves to have no checksum. */
function archive(files: Readonly<Record<string, string>>): Uint8Array {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let place = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(Buffer.byteLength(content), 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(place, 42);
    locals.push(local, Buffer.from(name), packed);
    entries.push(entry, Buffer.from(name));
    place += local.length + name.length + packed.length;
  }
  const directory = Buffer.concat(entries);
  const count = Object.keys(files).length;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(place, 16);
  return Buffer.concat([...locals, directory, end]);
}

function countedAs(bytes: Buffer, count: number): Uint8Array {
  const changed = Buffer.from(bytes);
  changed.writeUInt16LE(count, changed.length - 22 + 8);
  changed.writeUInt16LE(count, changed.length - 22 + 10);
  return changed;
}

function withDisk(bytes: Buffer, disk: number): Uint8Array {
  const changed = Buffer.from(bytes);
  changed.writeUInt16LE(disk, changed.length - 22 + 4);
  return changed;
}
