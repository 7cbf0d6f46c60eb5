import { Language, shortestPassword, Theme } from "@sunledger/model";
import type { Records } from "@sunledger/store";
import { type BetterAuthOptions, betterAuth } from "better-auth";
import { APIError } from "better-auth/api";
import * as z from "zod";
import type { Identity, SetCookies, Who } from "./identity.ts";

const day = 24 * 60 * 60;

export type BetterAuthParts = {
  /** An adapter of better-auth over the tables of sign-in. */
  readonly database: NonNullable<BetterAuthOptions["database"]>;
  readonly records: Pick<Records, "membership" | "organisation" | "addMember">;
  /** Signs the cookies. */
  readonly secret: string;
  /** The address people type; https makes the cookies secure. */
  readonly publicUrl: string;
};

/** Sign-in by e-mail and password, kept by better-auth: scrypt hashes, sessions in the database. */
export async function betterAuthIdentity(parts: BetterAuthParts): Promise<Identity> {
  const { records } = parts;
  const auth = betterAuth(optionsOf(parts));
  const context = await auth.$context;

  const whoOf = async (session: string, user: KnownUser): Promise<Who | undefined> => {
    const member = await records.membership(user.id);
    if (!member) return undefined;
    const organisation = { id: member.organisation, name: member.organisationName };
    return { session, user, organisation, role: member.role };
  };

  return {
    async signIn(email, password, headers) {
      const signedIn = await auth.api
        .signInEmail({ body: { email, password }, headers, returnHeaders: true })
        .catch(undefinedWhenRefused);
      if (!signedIn) return undefined;
      const { token, user } = signedIn.response;
      const found = await context.internalAdapter.findSession(token);
      const who = found && (await whoOf(found.session.id, KnownUser.parse(user)));
      // Known, but at home nowhere: no better than unknown.
      if (!who) await context.internalAdapter.deleteSession(token);
      return who ? { who, cookies: cookiesOf(signedIn.headers) } : undefined;
    },

    async signOut(headers) {
      const { headers: answer } = await auth.api.signOut({ headers, returnHeaders: true });
      return cookiesOf(answer);
    },

    async session(headers) {
      if (!headers.has("cookie")) return undefined;
      const { response, headers: answer } = await auth.api.getSession({
        headers,
        returnHeaders: true,
      });
      if (!response) return undefined;
      const who = await whoOf(response.session.id, KnownUser.parse(response.user));
      return who && { who, cookies: cookiesOf(answer) };
    },

    async setPreferences(user, wanted) {
      await context.internalAdapter.updateUser(user, wanted);
    },

    async createUser({ email, name, password, role, organisation }) {
      const { internalAdapter } = context;
      const address = email.toLowerCase();
      const known = await internalAdapter.findUserByEmail(address, { includeAccounts: true });
      const { id } =
        known?.user ??
        (await internalAdapter.createUser(
          { email: address, name, emailVerified: true },
          { method: "email-password" },
        ));
      // Each step is made good by the next run when this one dies in between.
      const hasPassword = known?.accounts.some(({ providerId }) => providerId === "credential");
      if (!hasPassword) {
        const hash = await context.password.hash(password);
        const account = { userId: id, accountId: id, providerId: "credential", password: hash };
        await internalAdapter.linkAccount(account);
      }
      if (hasPassword && (await records.membership(id))) return false;
      await records.addMember(await records.organisation(organisation), id, role);
      return true;
    },
  };
}

function optionsOf({ database, secret, publicUrl }: BetterAuthParts) {
  return {
    database,
    secret,
    baseURL: publicUrl,
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: shortestPassword,
      maxPasswordLength: 256,
    },
    user: {
      additionalFields: {
        language: { type: "string", required: false, input: false },
        theme: { type: "string", required: false, input: false },
      },
    },
    session: { expiresIn: 7 * day, updateAge: day },
    // Limits are kept by the routes, which know the account too.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    advanced: {
      cookiePrefix: "sunledger",
      useSecureCookies: publicUrl.startsWith("https:"),
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/" },
      ipAddress: { disableIpTracking: true },
    },
  } satisfies BetterAuthOptions;
}

const KnownUser = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  language: Language.nullable().catch(null),
  theme: Theme.nullable().catch(null),
});
type KnownUser = z.infer<typeof KnownUser>;

function cookiesOf(headers: Headers): SetCookies {
  return headers.getSetCookie();
}

/** Whatever is wrong with e-mail and password is one answer; anything else is a failure. */
function undefinedWhenRefused(error: unknown): undefined {
  if (error instanceof APIError && error.statusCode < 500) return undefined;
  throw error;
}
