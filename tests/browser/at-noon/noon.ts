import type { Browser, Page } from "playwright-core";
import * as z from "zod";
import { openPage, signInAt } from "../../support/browser.ts";
import type { TestHouse } from "../../support/house.ts";

/** A house at noon and a browser in front of it; both are there when a test begins. */
export type Noon = { readonly house: TestHouse; readonly browser: Browser };

const Plants = z.object({ items: z.array(z.object({ id: z.string(), code: z.string() })) });
const Plant = z.object({ devices: z.array(z.object({ id: z.string(), tag: z.string() })) });

type Who = { readonly email?: string; readonly zone?: string };

/** A page of one who has just signed in, in English and dark whatever was chosen in the tests before. */
export async function enter(
  { house, browser }: Noon,
  { email = "operator@sunledger.example", zone }: Who = {},
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const opened = await openPage(browser, house.address, zone);
  await signInAt(opened.page, email);
  await look(opened.page, { theme: "dark", language: "en" });
  await opened.page.reload();
  return opened;
}

/** Chooses how whoever is signed in on the page sees it from the next screen on. */
export async function look(
  page: Page,
  chosen: { readonly theme: string; readonly language: string },
): Promise<void> {
  const answer = await page.request.patch("/api/v1/session/preferences", { data: chosen });
  if (!answer.ok()) throw new Error(`preferences: ${answer.status()} ${await answer.text()}`);
}

/** The path of a plant's page, or of the page of its device with that tag. */
export async function pathOf({ house }: Noon, code: string, tag?: string): Promise<string> {
  const { get } = await house.signIn();
  const { items } = Plants.parse(await get("/plants"));
  const plant = items.find((one) => one.code === code);
  if (!plant) throw new Error(`the house has no plant ${code}`);
  if (tag === undefined) return `/plants/${plant.id}`;
  const { devices } = Plant.parse(await get(`/plants/${plant.id}`));
  const device = devices.find((one) => one.tag === tag);
  if (!device) throw new Error(`${code} has no device ${tag}`);
  return `/devices/${device.id}`;
}
