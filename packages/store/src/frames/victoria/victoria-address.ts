/** Where frames are in a VictoriaMetrics. */
export type VictoriaAddress = {
  /** Where lines are written: the server, or `vminsert` of a cluster with its path. */
  readonly writeUrl: string;
  /** Where MetricsQL is asked: the server, or `vmselect` of a cluster with its path. */
  readonly readUrl: string;
  /** The server says these of itself; a cluster does not. */
  readonly retention: string | undefined;
  /** `user:password`, where somebody has to sign in. */
  readonly signIn: string | undefined;
};

const shape =
  "victoriametrics+http(s)://HOST:8428, or for a cluster " +
  "victoriametrics+http(s)://VMINSERT:8480/insert/0/influx?read=http(s)://VMSELECT:8481/select/0/prometheus&retention=100y";

/** Reads the address of one server or of a cluster. Throws one sentence, without the password. */
export function victoriaAddress(address: string): VictoriaAddress {
  const { protocol, host, username, password, pathname, searchParams } = new URL(address);
  const wrong = (what: string) => new Error(`the address of the frame store ${what}: ${shape}`);
  if (host === "") throw wrong("lacks its host");
  const unknown = [...searchParams.keys()].filter((name) => !["read", "retention"].includes(name));
  if (unknown.length > 0) throw wrong(`says ${unknown.join(", ")}`);
  const read = searchParams.get("read");
  if (read !== null && !/^https?:\/\/[^/]/.test(read)) throw wrong("reads where nothing can be");
  if (read !== null && signsIn(read))
    throw wrong("names who signs in twice: once, before the first host, is for both");
  const retention = searchParams.get("retention") ?? undefined;
  if (read !== null && retention === undefined) throw wrong("of a cluster lacks its retention");
  const writeUrl = `${protocol.replace("victoriametrics+", "")}//${host}${withoutSlash(pathname)}`;
  const signIn = [username, password]
    .filter((part) => part !== "")
    .map((p) => decodeURIComponent(p));
  return {
    writeUrl,
    readUrl: read === null ? writeUrl : withoutSlash(read),
    retention,
    signIn: signIn.length > 0 ? signIn.join(":") : undefined,
  };
}

function signsIn(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { username, password } = new URL(address);
  return username + password !== "";
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, "");
}
