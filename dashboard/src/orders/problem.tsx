import { useTranslation } from "react-i18next";
import { ApiProblem } from "../app/http.ts";
import { Refused } from "./outcome.tsx";

/** Why the server did not take an order, in words, with every fault it found. */
export function ProblemText({ error }: { readonly error: Error | null }) {
  const { t, i18n } = useTranslation();
  if (!error) return null;
  const code = error instanceof ApiProblem ? error.code : "";
  const own = `order:problem.${code}`;
  const shared = `kit:problem.${code}`;
  const key: string = [own, shared].find((one) => i18n.exists(one)) ?? "kit:problem.unknown";
  const text = t(key);
  const errors = error instanceof ApiProblem ? error.errors : [];
  return <Refused text={text} details={errors.map(({ path, message }) => `${path}: ${message}`)} />;
}
