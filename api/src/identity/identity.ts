import type { Language, Preferences, Role, Theme } from "@sunledger/model";

/** Who asks: a signed-in user in the organisation where he or she belongs. */
export type Who = {
  /** Names the sign-in: ends with it. */
  readonly session: string;
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    /** Null until the user has chosen one. */
    readonly language: Language | null;
    readonly theme: Theme | null;
  };
  readonly organisation: { readonly id: string; readonly name: string };
  readonly role: Role;
  /** Where the request came from. */
  readonly address?: string;
};

/** A cookie to set, ready for its header. */
export type SetCookies = readonly string[];

export type NewUser = {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly role: Role;
  readonly organisation: string;
};

/** Who may come in. Passwords, cookies and sessions are known behind it alone. */
export interface Identity {
  /** `undefined` when e-mail and password do not belong together, in the same time whatever is wrong. */
  signIn(
    email: string,
    password: string,
    headers: Headers,
  ): Promise<{ readonly who: Who; readonly cookies: SetCookies } | undefined>;
  signOut(headers: Headers): Promise<SetCookies>;
  /** Who sent these headers, and cookies to renew where the session was prolonged. */
  session(
    headers: Headers,
  ): Promise<{ readonly who: Who; readonly cookies: SetCookies } | undefined>;
  setPreferences(user: string, wanted: Preferences): Promise<void>;
  /** Adds the user and the membership; one who exists is left alone. Says whether it was new. */
  createUser(user: NewUser): Promise<boolean>;
}
