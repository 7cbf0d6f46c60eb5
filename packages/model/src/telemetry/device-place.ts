const usualPort = 502;

/**
 * The place that a device's URL leads to, in words and the same for all ways to write it: two devices at one
 * place would be one that is read twice. `undefined` for what is no such URL; whether its line can be opened
 * is for the gateway to say.
 */
export function devicePlace(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const unit = wholeIn(url, "unit");
  const chainDevice = wholeIn(url, "device");
  const line = lineIn(url);
  if (unit === undefined || chainDevice === undefined || line === undefined) return undefined;
  const place = `${line} unit ${unit}`;
  return chainDevice === 1 ? place : `${place} device ${chainDevice}`;
}

function lineIn({ protocol, hostname, port, pathname }: URL): string | undefined {
  if (protocol === "serial:") {
    const path = decoded(pathname);
    if (path === undefined || path.length < 2 || hostname !== "") return undefined;
    return /^\/COM\d+$/i.test(path) ? path.slice(1) : path;
  }
  const isTcp = protocol === "tcp:";
  if ((!isTcp && protocol !== "rtu+tcp:") || hostname === "") return undefined;
  if (pathname !== "" && pathname !== "/") return undefined;
  const host = `${hostname.toLowerCase()}:${port === "" ? usualPort : Number(port)}`;
  return isTcp ? host : `${protocol}//${host}`;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURI(path);
  } catch {
    return undefined;
  }
}

/** 1 where it is not said. */
function wholeIn({ searchParams }: URL, name: string): number | undefined {
  const text = searchParams.get(name) ?? "1";
  return /^\d{1,7}$/.test(text) ? Number(text) : undefined;
}
