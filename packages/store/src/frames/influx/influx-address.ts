/** Where frames are in an InfluxDB. */
export type InfluxAddress = {
  /** Scheme, host, port, and a path where a proxy wants one. */
  readonly url: string;
  /** A token, or `user:password` of InfluxDB 1; absent where nobody has to sign in. */
  readonly token: string | undefined;
  /** InfluxDB 2 wants to know whose bucket it is. */
  readonly org: string;
  /** The database, in InfluxDB 1 and 3. */
  readonly bucket: string;
};

const shape = "influxdb+http(s)://TOKEN@HOST:8086/BUCKET?org=ORG";

/** Reads `influxdb+http(s)://TOKEN@HOST:8086/BUCKET?org=ORG`. Throws one sentence, without the token. */
export function influxAddress(address: string): InfluxAddress {
  const { protocol, host, username, password, pathname, searchParams } = new URL(address);
  const path = pathname.split("/").filter((part) => part !== "");
  const bucket = decodeURIComponent(path.pop() ?? "");
  if (host === "" || bucket === "") {
    throw new Error(`the address of the frame store lacks its host or its bucket: ${shape}`);
  }
  if (/["\\\n]/.test(bucket)) {
    throw new Error(`the bucket ${JSON.stringify(bucket)} cannot be named in a query: rename it`);
  }
  const known = ["org"];
  const unknown = [...searchParams.keys()].filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`the address of the frame store says ${unknown.join(", ")}: ${shape}`);
  }
  const signedIn = [username, password].filter((part) => part !== "").map(decodeURIComponent);
  return {
    url: `${protocol.replace("influxdb+", "")}//${[host, ...path].join("/")}`,
    token: signedIn.length > 0 ? signedIn.join(":") : undefined,
    org: searchParams.get("org") ?? "",
    bucket,
  };
}
