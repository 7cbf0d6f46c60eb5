import { type Plant, PlantCurve } from "@sunledger/model";
import { localDay } from "@sunledger/model/performance";
import type { Clock } from "@sunledger/runtime";
import type { Records, Steps } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { answers } from "../answers.ts";
import type { DeviceNow } from "../devices/device-now.ts";
import { toldMsOf } from "../devices/device-points.ts";
import type { DeviceViews } from "../devices/device-views.ts";
import { explainGaps } from "../devices/explain-gaps.ts";
import { bucketSize, cut, gapSize, type Window } from "../frames/bucket-size.ts";
import type { KeptFrames } from "../frames/kept-frames.ts";
import { gapWindow } from "../frames/seen-window.ts";
import { type AskedWindow, readWindow, WindowQuery } from "../frames/window.ts";
import { askerOf } from "../identity/guard.ts";
import { plantCurve } from "./plant-curve.ts";
import { irradianceSensors, isInverter, powerPoint } from "./plant-roles.ts";
import { PlantParams, plantOf } from "./plants.routes.ts";

const CurveQuery = WindowQuery.transform(readWindow);

export type CurveRoutesOptions = {
  readonly records: Records;
  readonly frames: KeptFrames;
  readonly views: DeviceViews;
  readonly clock: Clock;
};

/** A plant's power and irradiance over time. */
export const curveRoutes: FastifyPluginAsyncZod<CurveRoutesOptions> = async (app, options) => {
  const { records, views } = options;

  app.get(
    "/plants/:plant/curve",
    {
      config: { access: "viewer" },
      schema: {
        tags: ["plants"],
        summary: "Power and irradiance in buckets, one a pixel at most",
        params: PlantParams,
        querystring: CurveQuery,
        response: answers(PlantCurve),
      },
    },
    async (request) => {
      const organisation = askerOf(request).organisation.id;
      const plant = await plantOf(records, organisation, request.params.plant);
      const { devices } = await views.of(organisation, plant.id);
      return curveOf({ ...options, organisation, plant, devices }, request.query);
    },
  );
};

type CurveSources = CurveRoutesOptions & {
  readonly organisation: string;
  readonly plant: Plant;
  readonly devices: readonly DeviceNow[];
};

async function curveOf(sources: CurveSources, asked: AskedWindow): Promise<PlantCurve> {
  const { records, frames, clock, organisation, plant, devices } = sources;
  const inverters = devices.filter(isInverter);
  const light = irradianceSensors(devices);
  const expectedMs = Math.max(
    0,
    ...inverters.map(({ points }) => toldMsOf(points, powerPoint) ?? 0),
  );

  // A bucket shorter than the interval of its values would be empty now and then.
  const everyMs = Math.max(bucketSize(asked, asked.width), gapSize({ from: 0, to: expectedMs }, 1));
  const anchor = localDay(asked.from, plant.timeZone).start;
  const drawn = cut(asked, everyMs, plant.timeZone);
  const window = gapWindow(asked, anchor, clock.now());
  const read = (of: readonly DeviceNow[], point: string, buckets: Window & Steps) =>
    of.length === 0
      ? []
      : frames.buckets({
          ...{ organisation, ...buckets },
          devices: of.map(({ device }) => device.id),
          points: [point],
        });

  const [power, irradiance] = await Promise.all([
    read(inverters, powerPoint, drawn),
    read(light?.sensors ?? [], light?.point ?? "", drawn),
  ]);
  const heard = everyMs === window.everyMs ? power : await read(inverters, powerPoint, window);
  const curve = plantCurve({
    everyMs,
    inverters: inverters.map((inverter) => ({
      id: inverter.device.id,
      expectedMs: toldMsOf(inverter.points, powerPoint) ?? everyMs,
    })),
    window: { from: window.from, to: window.present },
    ...{ power, irradiance, heard },
    silence: (["gatewayOffline", "asleep"] as const).find(
      (state) =>
        window.isNow &&
        inverters.length > 0 &&
        inverters.every(({ reach }) => reach.state === state),
    ),
  });
  if (inverters.length === 0) return curve;
  const [explained] = await explainGaps([{ point: powerPoint, gaps: curve.gaps }], {
    ...{ records, frames, organisation, place: plant, window, silent: inverters },
    all: async () => devices,
  });
  return { ...curve, gaps: [...(explained?.gaps ?? [])] };
}
