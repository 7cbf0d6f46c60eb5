import { PassThrough, Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { describe, expect, test } from "vitest";
import { exportParquet } from "./parquet.ts";
import { type ExportRow, exportRow } from "./rows.ts";

const at = Date.UTC(2024, 10, 22, 6, 30);
const power = { device: "d", point: "ac.power.active", at, value: 1_250.5 };

describe("values as Parquet", () => {
  test("have typed columns, nothing where there is no value, and every digit of a counter", async () => {
    const great = "90071992547409931";
    const file = await written([
      exportRow(power, "roof/INV-01"),
      exportRow({ ...power, at: at + 1, value: null, flag: "failed" }, "roof/INV-01"),
      exportRow({ ...power, point: "energy.import", value: great }, "roof/METER-01"),
      exportRow({ ...power, point: "energy.import", value: "12" }, "roof/METER-01"),
    ]);

    expect(await parquetReadObjects({ file })).toEqual([
      row("roof/INV-01", "ac.power.active", at, 1_250.5, null, "good"),
      row("roof/INV-01", "ac.power.active", at + 1, null, null, "failed"),
      row("roof/METER-01", "energy.import", at, Number(great), great, "good"),
      row("roof/METER-01", "energy.import", at, 12, null, "good"),
    ]);
  });

  test("come in groups of rows, and no faster than they are taken", async () => {
    const count = 250_000;
    let taken = 0;
    let ahead = 0;
    async function* rows() {
      for (let n = 0; n < count; n += 1) {
        if (n % 100_000 === 0) ahead = Math.max(ahead, n / 100_000 - taken);
        yield exportRow({ ...power, at: at + n * 1_000, value: n }, "roof/INV-01");
      }
    }
    const pieces: Buffer[] = [];
    const slow = new Writable({
      highWaterMark: 1,
      write(piece: Buffer, _encoding, done) {
        setImmediate(() => {
          taken += 1;
          pieces.push(piece);
          done();
        });
      },
    });

    await exportParquet(rows(), slow);

    const file = fileOf(Buffer.concat(pieces));
    expect(parquetMetadata(file).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([
      100_000, 100_000, 50_000,
    ]);
    expect(ahead).toBe(0);
    const all = await parquetReadObjects({ file });
    expect(all.map(({ value }) => value)).toEqual(Array.from({ length: count }, (_, n) => n));
  });

  test("end with the reader, whenever it goes away", async () => {
    let taken = 0;
    async function* rows() {
      for (let n = 0; n < 1_000_000; n += 1)
        yield exportRow({ ...power, at: at + n }, "roof/INV-01");
    }
    const gone = new Writable({
      write(_piece, _encoding, done) {
        taken += 1;
        done(taken === 2 ? Object.assign(new Error("write EPIPE"), { code: "EPIPE" }) : null);
      },
    });
    gone.on("error", () => {}); // as of standard output

    await expect(exportParquet(rows(), gone)).rejects.toThrow("EPIPE");
    expect(taken).toBe(2);
  });

  test("are a whole file where there are none", async () => {
    expect(await parquetReadObjects({ file: await written([]) })).toEqual([]);
  });
});

function row(
  device: string,
  point: string,
  time: number,
  value: number | null,
  digits: string | null,
  quality: string,
) {
  return { device, point, time: new Date(time), value, digits, quality };
}

async function written(all: readonly ExportRow[]): Promise<ArrayBuffer> {
  async function* rows() {
    yield* all;
  }
  const stream = new PassThrough();
  const bytes = buffer(stream);
  await exportParquet(rows(), stream);
  stream.end();
  return fileOf(await bytes);
}

function fileOf(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
