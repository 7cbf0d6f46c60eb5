import { describe, expect, test } from "vitest";
import { exportLines, exportRow, type LineFormat } from "./rows.ts";

const at = Date.UTC(2026, 10, 22, 6, 30);

describe("exported values", () => {
  test("have one JSON object a line, their doubt as quality", async () => {
    expect(await linesOf("jsonl")).toEqual([
      '{"device":"roof/INV-01","point":"ac.power.active","time":"2026-11-22T06:30:00.000Z","value":1250.5,"quality":"good"}\n',
      '{"device":"roof/INV-01","point":"ac.power.active","time":"2026-11-22T06:30:00.000Z","value":null,"quality":"failed"}\n',
    ]);
  });

  test("have named columns in CSV and an empty cell where the value is missing", async () => {
    expect(await linesOf("csv")).toEqual([
      "device,point,time,value,quality\n",
      "roof/INV-01,ac.power.active,2026-11-22T06:30:00.000Z,1250.5,good\n",
      "roof/INV-01,ac.power.active,2026-11-22T06:30:00.000Z,,failed\n",
    ]);
  });

  test("keep every digit of a counter", () => {
    const counter = { device: "d", point: "meter.energy.import", at, value: "90071992547409931" };

    expect(exportRow(counter, "roof/METER-01").value).toBe("90071992547409931");
  });
});

async function linesOf(format: LineFormat): Promise<string[]> {
  const good = { device: "d", point: "ac.power.active", at, value: 1_250.5 };
  const failed = { ...good, value: null, flag: "failed" as const };
  const lines: string[] = [];
  for await (const line of exportLines(rows(), format)) lines.push(line);
  return lines;

  async function* rows() {
    yield exportRow(good, "roof/INV-01");
    yield exportRow(failed, "roof/INV-01");
  }
}
