import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { readAnew } from "./read-anew.ts";

test("reads again what is being read for the first time, for it may be old when it comes", async () => {
  const client = new QueryClient();
  const answers: PromiseWithResolvers<string>[] = [];
  const queryFn = () => {
    const answer = Promise.withResolvers<string>();
    answers.push(answer);
    return answer.promise;
  };
  const observer = new QueryObserver(client, { queryKey: ["commands", "c-1"], queryFn });
  const stop = observer.subscribe(() => {});
  const again = readAnew(client, ["commands"]);
  await new Promise((done) => setImmediate(done));
  answers[0]?.resolve("accepted");
  answers[1]?.resolve("done");
  await again;

  expect(observer.getCurrentResult().data).toBe("done");
  stop();
});
