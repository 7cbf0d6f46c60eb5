import { io } from "socket.io-client";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { until } from "../testing/until.ts";
import { liveBench, noon, patient, second } from "./testing/live-bench.ts";

vi.setConfig(patient);

describe("the live side", () => {
  test("lets nobody in without a session, nor from another site", async () => {
    const { house } = await liveBench(onTestFinished);
    await expect(house.listen("")).rejects.toThrow("identity.notSignedIn");

    const cookie = await house.cookie();
    const evil = await fetch(`${house.address}/socket.io/?EIO=4&transport=websocket`, {
      headers: { cookie, origin: "https://evil.example" },
    });
    expect(evil.ok).toBe(false);
  });

  test("has nothing but its own namespace, for nobody", async () => {
    const { house } = await liveBench(onTestFinished);
    const refused = async (cookie: string) => {
      const socket = io(house.address, {
        ...{ transports: ["websocket"], extraHeaders: { cookie }, forceNew: true },
        reconnection: false,
      });
      const answer = await new Promise((resolve) => {
        socket.once("connect", () => resolve("let in"));
        socket.once("connect_error", ({ message }) => resolve(message));
      });
      socket.disconnect();
      return answer;
    };

    expect(await refused("")).toBe("live.noSuchNamespace");
    expect(await refused(await house.cookie())).toBe("live.noSuchNamespace");
  });

  test("tells nobody of another organisation anything, whether somebody listens or not", async () => {
    const { house, client, id, nextUpdate } = await liveBench(onTestFinished);
    const stranger = await house.listen(await house.cookie("other"));
    const own = [`plant:${house.plant}`, `device:${id("INV-01")}`];
    const none = { ok: false, code: "live.noSuchRoom" };

    for (const room of own) expect(await stranger.join(room)).toEqual(none);
    for (const room of own) expect(await client.join(room)).toMatchObject({ ok: true });
    for (const room of own) expect(await stranger.join(room)).toEqual(none);
    const hidden = await stranger.join(`organisation:${house.organisation}`);
    expect(hidden).toEqual({ ok: false, code: "live.badRoom" });

    const heard: unknown[] = [];
    const told: unknown[] = [];
    stranger.socket.onAny((event) => event !== "beat" && heard.push(event));
    client.socket.onAny((event) => event !== "beat" && told.push(event));
    await house.accepted(noon, { "INV-01": { "ac.power.active": 500 } });
    await nextUpdate();
    const pushed = { version: 1, state: "applied" as const, at: noon };
    await house.status({
      ...{ state: "online", at: noon, configuration: { source: "platform", version: 1, pushed } },
      devices: { "INV-01": { state: "unreachable", since: noon } },
    });
    await until(() => ["m", "reach", "changed"].every((event) => told.includes(event)));
    const beats = stranger.beats.length;
    await until(async () => {
      await house.clock.advance(house.clock.now() + second);
      return stranger.beats.length > beats + 1;
    });
    expect(heard).toEqual([]);
  });

  test("knows no rooms of plants that are not there", async () => {
    const { client } = await liveBench(onTestFinished);
    expect(await client.join("plant:not-a-plant")).toEqual({ ok: false, code: "live.badRoom" });
    expect(await client.join(`plant:${crypto.randomUUID()}`)).toEqual({
      ok: false,
      code: "live.noSuchRoom",
    });
  });
});
