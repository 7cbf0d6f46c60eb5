import { randomUUID } from "node:crypto";
import type { CommandResult } from "@sunledger/model";
import { beforeEach, describe, expect, test } from "vitest";
import { sampleEntry } from "../testing/sample-entry.ts";
import type { Audit } from "./audit.ts";
import type { Commands, NewCommand } from "./commands.ts";

export type CommandsHouse = {
  readonly commands: Commands;
  readonly audit: Audit;
  /** Two organisations; the gateway and the device are the first one's. */
  readonly own: string;
  readonly other: string;
  readonly gateway: string;
  readonly device: string;
  /** So many answers are kept of a command, besides its last words. */
  readonly mostAnswers: number;
};

const noon = Date.UTC(2026, 5, 21, 4);

/** What every implementation of `Commands` promises. */
export function commandsContract(name: string, open: () => Promise<CommandsHouse>): void {
  describe(name, () => {
    let house: CommandsHouse;
    beforeEach(async () => {
      house = await open();
    });

    const ordered = async (at = noon): Promise<NewCommand> => {
      const command: NewCommand = {
        ...{ id: randomUUID(), gateway: house.gateway, device: house.device },
        what: { kind: "read", device: "INV-01" },
        ...{ session: "a-session-of-a-gateway", orderedBy: { id: "u1", name: "Wang 伟" } },
        ...{ at, expiresAt: at + 60_000 },
      };
      await house.commands.order(house.own, command);
      return command;
    };
    const keep = (result: CommandResult, organisation = house.own, gateway = house.gateway) =>
      house.commands.keepAnswer(organisation, gateway, { heardAt: noon + 5, result });

    test("writes down once who ordered it", async () => {
      const { id, ...command } = await ordered();
      const written = () => house.audit.list({ organisation: house.own, most: 10 });
      const entry = sampleEntry("order", house.gateway);
      await house.commands.order(house.own, { id, ...command }, entry);
      expect(await written()).toEqual([]);

      const another = { ...command, id: randomUUID() };
      await house.commands.order(house.own, another, entry);
      await house.commands.order(house.own, another, entry);
      expect(await written()).toMatchObject([entry]);
    });

    test("keeps an order once", async () => {
      const command = await ordered();
      const again = await house.commands.order(house.own, { ...command, at: command.at + 1 });

      expect(again).toEqual({ ...command, state: "sent" });
      expect(await house.commands.one(house.own, command.id)).toEqual({
        ...command,
        state: "sent",
      });
    });

    test("of two orders of one id that come at once keeps one, and tells it to the other", async () => {
      const command = await ordered();
      const idOfBoth = randomUUID();
      const both = [1, 2].map((n) => ({ ...command, id: idOfBoth, at: noon + n }));
      const answers = await Promise.all(both.map((one) => house.commands.order(house.own, one)));

      const kept = await house.commands.one(house.own, idOfBoth);
      expect(answers.filter((one) => one === undefined)).toHaveLength(1);
      expect(answers.find((one) => one !== undefined)).toEqual(kept);
      expect(kept?.at).toBe(answers[0] === undefined ? noon + 1 : noon + 2);
    });

    test("hears the end of a command whose gateway has said too much, and of its set-point", async () => {
      const { id } = await ordered();
      const { mostAnswers } = house;
      const progress = (n: number) => keep({ v: 1, id, at: noon + n, state: "progress" });
      for (let n = 1; n <= mostAnswers; n++) expect(await progress(n)).toBeDefined();
      expect(await progress(mostAnswers + 1)).toBeUndefined();

      const done = { v: 1, id, at: noon, state: "done" } as const;
      const back = { v: 1, id, at: noon + 1, state: "revert", outcome: "done" } as const;
      expect(await keep(done)).toMatchObject({ state: "done", outcome: done });
      expect(await keep(back)).toMatchObject({ state: "done" });
      expect(await keep({ ...done, at: noon + 2 })).toBeUndefined();
      expect(await progress(mostAnswers + 2)).toBeUndefined();
      const answers = await house.commands.answers(house.own, id);
      expect(answers.slice(-2).map(({ result }) => result)).toEqual([done, back]);
    });

    test("goes forward with each answer, and the first end counts", async () => {
      const { id } = await ordered();
      const progress = { v: 1, id, at: noon + 2, state: "progress" } as const;
      const done = { v: 1, id, at: noon + 3, state: "done" } as const;
      const failed = {
        ...({ v: 1, id, at: noon + 4, state: "failed" } as const),
        ...({ code: "cancelled", reason: "too late" } as const),
      };

      expect(await keep(progress)).toMatchObject({ state: "progress" });
      expect(await keep({ v: 1, id, at: noon + 1, state: "accepted" })).toMatchObject({
        state: "progress",
      });
      expect(await keep(done)).toMatchObject({ state: "done", outcome: done });
      expect(await keep(failed)).toMatchObject({ state: "done", outcome: done });

      const answers = await house.commands.answers(house.own, id);
      expect(answers.map(({ result }) => result.state)).toEqual([
        ...["progress", "accepted", "done", "failed"],
      ]);
      expect(answers[0]).toEqual({ heardAt: noon + 5, result: progress });
    });

    test("keeps what became of a set-point after its end", async () => {
      const { id } = await ordered();
      await keep({ v: 1, id, at: noon, state: "done" });
      const back = { v: 1, id, at: noon + 60_000, state: "revert", outcome: "done" } as const;

      expect(await keep(back)).toMatchObject({ state: "done", outcome: { state: "done" } });
      expect((await house.commands.answers(house.own, id)).at(-1)?.result).toEqual(back);
    });

    test("takes the same answer once, however often it comes", async () => {
      const { id } = await ordered();
      const done = { v: 1, id, at: noon, state: "done" } as const;
      await keep(done);

      expect(await keep(done)).toBeUndefined();
      expect(await house.commands.answers(house.own, id)).toHaveLength(1);
    });

    test("numbers answers that come together, and loses none", async () => {
      const { id } = await ordered();
      const many = [1, 2, 3, 4, 5, 6].map((n) =>
        keep({ v: 1, id, at: noon + n, state: "progress" }),
      );
      await Promise.all(many);

      const answers = await house.commands.answers(house.own, id);
      expect(answers.map(({ result }) => result.at).sort()).toEqual(
        [1, 2, 3, 4, 5, 6].map((n) => noon + n),
      );
    });

    test("listens to the gateway that was asked alone, and shows nothing to others", async () => {
      const { id } = await ordered();
      const done = { v: 1, id, at: noon, state: "done" } as const;

      expect(await keep(done, house.own, "another-gateway")).toBeUndefined();
      expect(await keep(done, house.other)).toBeUndefined();
      expect(await house.commands.one(house.other, id)).toBeUndefined();
      expect(await house.commands.answers(house.other, id)).toEqual([]);
      expect(await house.commands.list({ organisation: house.other, most: 10 })).toEqual([]);
      expect(await house.commands.one(house.own, id)).toMatchObject({ state: "sent" });
    });

    test("lists the newest first, of a gateway or a device, page by page", async () => {
      const first = await ordered(noon);
      const second = await ordered(noon + 1);
      const third = await ordered(noon + 2);
      const query = { organisation: house.own, gateway: house.gateway };
      const idsOf = async (more: object) =>
        (await house.commands.list({ ...query, most: 2, ...more })).map(({ id }) => id);

      expect(await idsOf({})).toEqual([third.id, second.id]);
      expect(await idsOf({ before: second.id })).toEqual([first.id]);
      expect(await idsOf({ before: randomUUID() })).toEqual([]);
      expect(await idsOf({ device: house.device })).toEqual([third.id, second.id]);
      expect(await idsOf({ device: randomUUID() })).toEqual([]);
      expect(await idsOf({ gateway: "another-gateway" })).toEqual([]);
    });

    test("lists orders as they were taken, whatever the clock and the ids say", async () => {
      const taken: string[] = [];
      for (const at of [noon, noon, noon, noon, noon, noon, noon - 60_000, noon]) {
        taken.unshift((await ordered(at)).id);
      }
      const query = { organisation: house.own, gateway: house.gateway, most: 3 };
      const listed: string[] = [];
      for (let page = 0; page < 3; page += 1) {
        const last = listed.at(-1);
        const more = last === undefined ? {} : { before: last };
        listed.push(...(await house.commands.list({ ...query, ...more })).map(({ id }) => id));
      }
      expect(listed).toEqual(taken);
    });
  });
}
