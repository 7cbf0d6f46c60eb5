import { mostAheadMs } from "@sunledger/model";
import { loadConfig, runJob, systemClock } from "@sunledger/runtime";
import { openFrameSender } from "../sender/frame-sender.ts";
import { replayArguments } from "./arguments.ts";
import { badRows } from "./bad-rows.ts";
import { ReplayConfig } from "./config.ts";
import { drivingTime, fullSpeed, timesFaster } from "./pace.ts";
import { columnsOfFile, devicesOfFile } from "./read-file.ts";
import { replay } from "./replay.ts";
import { loadReplayMap } from "./replay-map.ts";

/** All good rows were sent, and some were bad. */
const exitWithBadRows = 2;

/** Whoever waits at a terminal is told sooner or later; what was not stored is sent by playing it again. */
const mostSilenceMs = 10 * 60_000;

await runJob("replay", async (scope) => {
  const { file, map: mapFile, speed, devices } = replayArguments(process.argv.slice(2));
  const map = await loadReplayMap(mapFile, (read) => columnsOfFile(file, read));
  if (devices) {
    process.stdout.write(`${JSON.stringify(await devicesOfFile(file, map))}\n`);
    return;
  }

  const config = loadConfig(ReplayConfig);
  const { SUNLEDGER_MQTT_URL: mqttUrl, SUNLEDGER_GATEWAY_ID: gateway } = config;
  const sender = await openFrameSender({
    place: { url: mqttUrl, gateway, secret: config.SUNLEDGER_GATEWAY_SECRET },
    log: scope.log,
    signal: scope.signal,
    mostSilenceMs,
  });
  scope.onStop("sender", () => sender.close());

  const clock = systemClock();
  const driven = {
    mqttUrl,
    secret: config.SUNLEDGER_SERVICE_SECRET,
    programs: config.SUNLEDGER_DRIVEN_PROGRAMS,
  };
  const isDriven = config.SUNLEDGER_CLOCK === "driven";
  const pace = isDriven
    ? await drivingTime(sender, driven, scope)
    : speed === "full"
      ? fullSpeed
      : timesFaster(speed, clock, scope.signal);
  // A house with a driven clock lives in the times of the file.
  const horizon = (arrival: number) => (isDriven ? arrival : clock.now()) + mostAheadMs;

  const bad = badRows(file, (line) => void process.stderr.write(`${line}\n`));
  const { complain } = bad;
  const parts = { sender, pace, complain, horizon };
  const { frames, span } = await replay(file, map, parts, scope);
  bad.end();
  process.stdout.write(
    `replayed ${file}: ${frames} frames sent and acknowledged, ${bad.count()} bad rows\n`,
  );
  // Who started this may ask the store what became of them.
  if (span) process.send?.({ replayed: { epoch: sender.epoch, ...span } });
  if (bad.count() > 0) process.exitCode = exitWithBadRows;
});
