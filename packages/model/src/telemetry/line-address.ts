/** What requests travel on: one connection of its own, whatever units answer behind it. */
export type LineAddress = TcpLine | SerialLine;

export type TcpLine = {
  /** `tcp` is Modbus TCP; `rtu+tcp` are the frames of a serial line, passed on by a converter. */
  readonly transport: "tcp" | "rtu+tcp";
  readonly host: string;
  readonly port: number;
  /** Of the serial line behind a converter, where that was said. */
  readonly serial?: SerialSettings;
};

export type SerialLine = {
  readonly transport: "serial";
  readonly path: string;
} & SerialSettings;

export type SerialSettings = {
  readonly baud: number;
  readonly parity: "none" | "even" | "odd";
  readonly stopBits: 1 | 2;
};

/** A line in words: its URL without a unit. */
export function lineText(line: LineAddress): string {
  if (line.transport === "serial") return `serial://${line.path}?${settingsText(line)}`;
  return line.serial ? `${hostText(line)}?${settingsText(line.serial)}` : hostText(line);
}

/** The URL of a unit on a line; a device's place in a SunSpec chain is named when given. */
export function unitUrl(line: LineAddress, unit: number, chainDevice?: number): string {
  const hasSettings = line.transport === "serial" || line.serial !== undefined;
  const sign = hasSettings ? "&" : "?";
  const chain = chainDevice === undefined ? "" : `&device=${chainDevice}`;
  return `${lineText(line)}${sign}unit=${unit}${chain}`;
}

/** What two connections would have to share: a host's port and protocol, or a serial port. */
export function lineKey(line: LineAddress): string {
  return line.transport === "serial" ? line.path : hostText(line).toLowerCase();
}

/** `baud=9600&parity=none&stop=1`. */
export function settingsText({ baud, parity, stopBits }: SerialSettings): string {
  return `baud=${baud}&parity=${parity}&stop=${stopBits}`;
}

function hostText({ transport, host, port }: TcpLine): string {
  return `${transport}://${nameOf(host)}:${port}`;
}

function nameOf(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
