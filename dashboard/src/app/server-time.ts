import { Session } from "@sunledger/model";
import type { QueryClient } from "@tanstack/react-query";
import type { Live } from "../live/live.ts";
import { sessionKey } from "./session.ts";

/**
 * Takes the time of whoever answers who is signed in for the server's: the first screen is drawn before
 * the live connection has said a word, and a server may live by another time than the browser.
 */
export function followServerTime(client: QueryClient, live: Pick<Live, "setServerTime">): void {
  let told: number | undefined;
  client.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "success") return;
    if (event.query.queryKey[0] !== sessionKey[0]) return;
    const session = Session.safeParse(event.query.state.data);
    // A session that is changed on the page tells the old time once more.
    const { time = told } = session.data?.server ?? {};
    if (time === undefined || time === told) return;
    told = time;
    live.setServerTime(time);
  });
}
