export type SignedIn = {
  /** Fetches a path of the api and reads its JSON; throws with the answer's text when it is refused. */
  get<T>(path: string): Promise<T>;
  readonly cookie: string;
};

const demoPassword = "sunledger-demo-2026";

/** Signs in as a person does, and asks on with the cookie that was given. */
export async function signIn(
  address: string,
  email: string,
  password = demoPassword,
): Promise<SignedIn> {
  const answer = await fetch(`${address}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: address },
    body: JSON.stringify({ email, password }),
  });
  if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  return {
    cookie,
    async get<T>(path: string) {
      const found = await fetch(`${address}/api/v1${path}`, { headers: { cookie } });
      if (!found.ok) throw new Error(`GET ${path}: ${found.status} ${await found.text()}`);
      return (await found.json()) as T;
    },
  };
}
