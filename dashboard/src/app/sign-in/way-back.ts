export const signInPath = "/sign-in";

/** Where to go after signing in: an address of this page other than the sign-in itself. */
export function wayBack(to: unknown): string | undefined {
  if (typeof to !== "string" || !/^\/(?![/\\])/.test(to)) return undefined;
  const { origin, pathname } = new URL(to, "http://page.invalid");
  return origin === "http://page.invalid" && pathname !== signInPath ? to : undefined;
}
