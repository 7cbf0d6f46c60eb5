import { TLSSocket } from "node:tls";

/** Until when the certificate is valid that the other side has shown, Unix milliseconds; none without TLS. */
export function certificateUntil(connection: unknown): number | undefined {
  if (!(connection instanceof TLSSocket)) return undefined;
  const { valid_to: until } = connection.getPeerCertificate();
  const at = until === undefined ? Number.NaN : Date.parse(until);
  return Number.isNaN(at) ? undefined : at;
}
