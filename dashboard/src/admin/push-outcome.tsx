import { useTranslation } from "react-i18next";
import { Skeleton } from "../kit/skeleton.tsx";
import { Refused } from "../orders/outcome.tsx";
import { ProblemText } from "../orders/problem.tsx";
import type { Pushing } from "./use-push.ts";

export type Pushed = Omit<Pushing, "push">;

/** What becomes of a version that was pushed: that its gateway is waited for, or why it does not run. */
export function PushOutcome({ version, isBusy, error }: Pushed) {
  const { t } = useTranslation();
  return (
    <>
      <ProblemText error={error} />
      {(version?.state === "refused" || version?.state === "rolledBack") && (
        <Refused text={t(`admin:version.${version.state}`)} details={version.reasons} />
      )}
      {isBusy && <Skeleton label={t("admin:commission.waiting")} lines={2} />}
    </>
  );
}
