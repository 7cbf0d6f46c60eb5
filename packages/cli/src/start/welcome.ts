import type { SignIn } from "./provisioning.ts";

export type Started = {
  readonly signIns: readonly SignIn[];
  /** The programs that should run by now and do not. */
  readonly missing: readonly string[];
};

type Telling = Started & { readonly address: string; readonly elapsed: string };

/** What is told at the end of a start: where the house is and how to get in, or what it lacks yet. */
export function welcome({ address, elapsed, signIns, missing }: Telling): string[] {
  return [
    "",
    ...(missing.length === 0
      ? [`Ready in ${elapsed}: ${address}`]
      : [
          `Started after ${elapsed}, but not all is running yet: ${missing.join(", ")}. ` +
            "It is tried again and again.",
          `The dashboard${missing.includes("api") ? " comes with the api" : ""}: ${address}`,
        ]),
    "",
    ...signIns.map(({ email, password, role }) => `  ${email}  password ${password}  (${role})`),
    "",
    "Stop with Ctrl-C.",
  ];
}
