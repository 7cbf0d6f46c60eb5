import { type Device, ImportCheck } from "@sunledger/model";
import type { Records } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { answers } from "../answers.ts";
import { ApiError } from "../errors.ts";
import { askerOf } from "../identity/guard.ts";
import type { ProfileLibrary } from "../profiles/profile-library.ts";
import { csvList } from "./csv-list.ts";
import { judgeList, type Known, type Taken } from "./judge-list.ts";
import { type ListTable, UnreadableList } from "./list-table.ts";
import { sheetList } from "./sheet-list.ts";

const excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const mostBytes = 2 * 1024 * 1024;
/** Reading a workbook is work: of one address so many a minute. */
const checkLimit = { max: 30, timeWindow: 60_000 };

export type ImportRoutesOptions = {
  readonly records: Pick<Records, "gateways" | "deviceList" | "announcements">;
  readonly profiles: ProfileLibrary;
};

/** Lists of devices, read and judged. What comes of one is pushed to its gateways as their next versions. */
export const importRoutes: FastifyPluginAsyncZod<ImportRoutesOptions> = async (app, options) => {
  const { records, profiles } = options;
  const tags = ["devices"];

  app.addContentTypeParser(["text/csv", excel], { parseAs: "buffer" }, (_request, body, done) =>
    done(null, body),
  );

  app.post(
    "/device-imports/check",
    {
      bodyLimit: mostBytes,
      config: { access: "administrator", rateLimit: checkLimit },
      schema: {
        ...{ tags, summary: "What would come of a list of devices, CSV or Excel: a dry run" },
        consumes: ["text/csv", excel],
        response: answers(ImportCheck),
      },
    },
    async (request) => {
      const { body } = request;
      if (!Buffer.isBuffer(body))
        throw new ApiError("request.unsupportedType", "Send CSV or .xlsx.");
      const isSheet = request.headers["content-type"]?.startsWith(excel);
      const table = await readList(body, isSheet ?? false);
      return judgeList(table, await knownTo(askerOf(request).organisation.id));
    },
  );

  const knownTo = async (organisation: string): Promise<Known> => {
    const [gateways, devices] = await Promise.all([
      records.gateways(organisation),
      records.deviceList(organisation),
    ]);
    const announced = await records.announcements(
      organisation,
      devices.map(({ id }) => id),
    );
    const takenOf = ({ id, tag, gateway }: Device): [string, Taken] => {
      const isSilent = gateway !== undefined && !announced.has(id);
      return [tag, isSilent ? { silentOf: gateway } : {}];
    };
    const byPlant = Map.groupBy(devices, ({ plant }) => plant);
    return {
      gateways: new Map(gateways.map(({ id, plant }) => [id, plant])),
      profiles: new Map(
        [...profiles].map(([id, { kind, protocol }]) => [
          id,
          { kind, isOfAnyKind: protocol === "sunspec" },
        ]),
      ),
      taken: new Map([...byPlant].map(([plant, of]) => [plant, new Map(of.map(takenOf))])),
    };
  };
};

async function readList(body: Buffer, isSheet: boolean): Promise<ListTable> {
  try {
    return isSheet ? await sheetList(body) : csvList(body);
  } catch (cause) {
    if (!(cause instanceof UnreadableList)) throw cause;
    const { message } = cause;
    const errors = [{ path: "list", message }];
    throw new ApiError("imports.unreadable", `The list cannot be read: ${message}.`, {
      cause,
      errors,
    });
  }
}
