import type { Finding, StoredPoint } from "../../simulators/src/ledger/account.ts";

/** A gateway does not hear every tenth answer for the machine's sake. */
const mostShare = 0.1;
/** As often it may happen to a point that is read rarely. */
const mostTimes = 2;

/**
 * The findings without those values that were served and of which now and then one was not heard: on a busy machine
 * an answer may wait beyond a gateway's patience. A point that is unread again and again is not read as it should be.
 */
export function withoutUnheard(
  device: readonly StoredPoint[],
  findings: readonly Finding[],
): readonly Finding[] {
  const unread = findings.filter(({ what }) => what === "unread");
  const isNowAndThen = ({ point, values }: StoredPoint) => {
    const times = unread.filter((finding) => finding.point === point).length;
    return times < values.length && (times <= mostTimes || times <= values.length * mostShare);
  };
  const heard = new Set(device.filter(isNowAndThen).map(({ point }) => point));
  return findings.filter(({ what, point }) => what !== "unread" || !heard.has(point));
}
