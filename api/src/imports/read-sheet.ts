import exceljs, { type CellValue } from "exceljs";
import {
  type ListRow,
  type ListTable,
  mostColumns,
  tableOf,
  UnreadableList,
} from "./list-table.ts";
import { refuseLargeArchive } from "./unpacked-size.ts";

/**
 * Reads the first sheet of an Excel workbook (.xlsx): in a thread of its own, for what a few bytes of it
 * ask for may take all memory. Throws `UnreadableList`.
 */
export async function readSheet(bytes: Uint8Array): Promise<ListTable> {
  refuseLargeArchive(bytes);
  const workbook = new exceljs.Workbook();
  const content = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  try {
    await workbook.xlsx.load(content as ArrayBuffer, { ignoreNodes: ofNoList });
  } catch (cause) {
    throw new UnreadableList("it is no Excel workbook (.xlsx), or a damaged one", { cause });
  }
  const [sheet] = workbook.worksheets;
  if (!sheet) throw new UnreadableList("its workbook has no sheet");
  if (sheet.rowCount > lastLine) throw new UnreadableList("its rows are numbered beyond any sheet");
  const rows: ListRow[] = [];
  sheet.eachRow((row, line) => {
    const cells: string[] = [];
    row.eachCell((cell, column) => {
      // Sheets leave out empty cells, and may have one thousands of columns to the right.
      const place = Math.min(column, mostColumns + 1) - 1;
      cells[place] = cells[place] || textOf(cell.value);
    });
    rows.push({ line, cells: Array.from(cells, (cell) => cell ?? "") });
  });
  return tableOf(rows);
}

/** The last line of a sheet in Excel. */
const lastLine = 1_048_576;
/** How a sheet looks and what may be typed into it; ranges of it name as many cells as they like. */
const ofNoList = ["cols", "conditionalFormatting", "dataValidations", "rowBreaks", "colBreaks"];

/** What a person sees in the cell, without its dress. */
function textOf(value: CellValue): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  if ("toISOString" in value) return value.toISOString();
  if ("richText" in value) return value.richText.map(({ text }) => text).join("");
  if ("hyperlink" in value) return textOf(value.text);
  if ("error" in value) return value.error;
  return textOf("result" in value ? value.result : undefined);
}
