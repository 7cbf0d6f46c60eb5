import { Preferences, Session, SignIn } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import { ApiError } from "../errors.ts";
import { attempts } from "./attempts.ts";
import { askerOf, headersOf } from "./guard.ts";
import type { Identity, Who } from "./identity.ts";

const minute = 60_000;
/** Wrong passwords for one account from one address: nobody locks out who sits elsewhere. */
const guessLimit = { most: 10, withinMs: 15 * minute };
/** Those from all addresses together: many of them must not guess without end. */
const accountLimit = { most: 100, withinMs: 60 * minute };
/** Sign-ins from one address, right or wrong. */
const addressLimit = { max: 60, timeWindow: minute };

export type SessionRoutesOptions = {
  readonly identity: Identity;
  readonly clock: Clock;
  readonly version: string;
  /** Hears of each sign-in that has ended. */
  readonly onSignedOut: (session: string) => void;
};

/** Signing in and out, and what a user sets for oneself. */
export const sessionRoutes: FastifyPluginAsyncZod<SessionRoutesOptions> = async (app, options) => {
  const { identity, clock, version, onSignedOut } = options;
  const guesses = attempts(clock, guessLimit);
  const ofAccount = attempts(clock, accountLimit);
  const tags = ["session"];

  const sessionOf = ({ user, organisation, role }: Who): Session => ({
    user: { ...user, role },
    organisation,
    server: { time: clock.now(), version },
  });

  app.post(
    "/session",
    {
      config: { access: "anybody", rateLimit: addressLimit },
      schema: { tags, summary: "Sign in", body: SignIn, response: answers(Session) },
    },
    async (request, reply) => {
      const { email, password } = request.body;
      const account = email.toLowerCase();
      const guesser = `${account} ${request.ip}`;
      const waitMs = Math.max(guesses.waitOf(guesser), ofAccount.waitOf(account));
      if (waitMs > 0) {
        const retryAfterSeconds = Math.ceil(waitMs / 1_000);
        throw new ApiError("identity.tooManyAttempts", undefined, { retryAfterSeconds });
      }
      // Counted before it is known: attempts side by side must not slip through together.
      guesses.failed(guesser);
      ofAccount.failed(account);
      const found = await identity.signIn(email, password, headersOf(request));
      if (!found) throw new ApiError("identity.wrongCredentials");
      guesses.succeeded(guesser);
      ofAccount.takeBack(account);
      reply.header("set-cookie", [...found.cookies]);
      return sessionOf(found.who);
    },
  );

  app.get(
    "/session",
    {
      config: { access: "anybody" },
      schema: {
        ...{ tags, summary: "Who is signed in; null when nobody is" },
        response: answers(Session.nullable()),
      },
    },
    async (request, reply) => {
      const found = await identity.session(headersOf(request));
      if (!found) return null;
      if (found.cookies.length > 0) reply.header("set-cookie", [...found.cookies]);
      return sessionOf(found.who);
    },
  );

  app.patch(
    "/session/preferences",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags, summary: "Set language or theme" },
        body: Preferences,
        response: answers(Session),
      },
    },
    async (request) => {
      const who = askerOf(request);
      const { body } = request;
      await identity.setPreferences(who.user.id, body);
      const { language = who.user.language, theme = who.user.theme } = body;
      return sessionOf({ ...who, user: { ...who.user, language, theme } });
    },
  );

  app.delete(
    "/session",
    {
      config: { access: "viewer" },
      schema: { tags, summary: "Sign out", response: answers(z.null(), 204) },
    },
    async (request, reply) => {
      const cookies = await identity.signOut(headersOf(request));
      onSignedOut(askerOf(request).session);
      reply.header("set-cookie", [...cookies]).code(204);
      return null;
    },
  );
};
