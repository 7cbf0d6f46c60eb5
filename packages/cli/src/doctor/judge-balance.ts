import type { Balance } from "@sunledger/model";
import { type Finding, well, wrong } from "./finding.ts";

/** Whether each frame that a gateway kept is accounted for (D-13). */
export function judgeBalance(id: string, balances: readonly Balance[]): Finding[] {
  const whole = balances.filter(({ hour }) => hour === undefined);
  if (whole.length === 0) return [];
  const what = `frames of ${id}`;
  const sum = (of: Exclude<keyof Balance, "lane" | "hour">) =>
    whole.reduce((all, balance) => all + balance[of], 0);
  const missing = sum("missing");
  const seen =
    `${sum("produced")} kept by the gateway: ${sum("stored")} stored, ${sum("waiting")} on their way` +
    `, ${sum("quarantined")} in quarantine, ${sum("givenUp")} given up`;
  if (missing === 0) return [well(what, seen)];
  const hours = balances.flatMap(({ hour, lane, missing }) =>
    hour === undefined
      ? []
      : [`${missing} of lane ${lane} from ${new Date(hour).toISOString()} on`],
  );
  return [
    wrong(
      what,
      `${[`${missing} missing that were stored once`, ...hours].join("; ")}; ${seen}`,
      "has the database gone back to an older state? Then let gateways send again what they still have: " +
        '"sunledger resend"',
    ),
  ];
}
