import * as z from "zod";
import { Role } from "../plant/plant.ts";

export const Language = z.enum(["en", "zh-CN"]);
export type Language = z.infer<typeof Language>;

export const Theme = z.enum(["dark", "grey", "light"]);
export type Theme = z.infer<typeof Theme>;

/** The shortest password that is taken. */
export const shortestPassword = 15;

export const SignIn = z.object({
  email: z.email().max(254),
  password: z.string().min(1).max(256),
});
export type SignIn = z.infer<typeof SignIn>;

/** What a user may set for oneself. */
export const Preferences = z
  .object({ language: Language, theme: Theme })
  .partial()
  .refine((wanted) => Object.keys(wanted).length > 0, "nothing to change");
export type Preferences = z.infer<typeof Preferences>;

/** Who is signed in, where, and what time it is there. */
export const Session = z.object({
  user: z.object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role: Role,
    /** Null until the user has chosen one. */
    language: Language.nullable(),
    theme: Theme.nullable(),
  }),
  organisation: z.object({ id: z.string(), name: z.string() }),
  /** The server's time in Unix milliseconds, which freshness is judged by, and its version. */
  server: z.object({ time: z.int(), version: z.string() }),
});
export type Session = z.infer<typeof Session>;
