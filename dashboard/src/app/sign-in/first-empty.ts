/** Begins where something is still to be typed: what the browser has filled in is left alone. */
export function focusFirstEmpty(form: HTMLFormElement): void {
  [...form.querySelectorAll("input")].find(({ value }) => value === "")?.focus();
}
