import type { GatewayDetail } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { EmptyState } from "../../kit/empty-state.tsx";
import styles from "../../kit/form.module.css";
import { Loaded } from "../../kit/loaded.tsx";
import { Panel } from "../../kit/panel.tsx";
import { useChanges } from "../../orders/use-changes.ts";
import { AdminTabs } from "../admin-tabs.tsx";
import { gatewaysQuery } from "../queries.ts";
import { StepList } from "../step-list.tsx";
import { CommissionStep } from "./commission-step.tsx";
import type { Candidate } from "./found.ts";
import { LiveStep } from "./live-step.tsx";
import { type Named, NameStep } from "./name-step.tsx";
import { ProfileStep } from "./profile-step.tsx";
import { ScanStep } from "./scan-step.tsx";
import { TestStep } from "./test-step.tsx";

/** Brings a device that nobody polls yet to live values, in six steps. */
export function Onboarding() {
  const { t } = useTranslation();
  const { http } = useParts();
  useChanges();
  const query = useQuery(gatewaysQuery(http));
  useEffect(() => {
    document.title = `${t("admin:onboard")} · Sunledger`;
  }, [t]);

  return (
    <div className={styles.page}>
      <AdminTabs />
      <h1>{t("admin:onboard")}</h1>
      <Loaded query={query} lines={6}>
        {(data) => (
          <Wizard gateways={data.filter(({ allows }) => allows?.onboarding !== undefined)} />
        )}
      </Loaded>
    </div>
  );
}

const steps = ["scan", "profile", "test", "name", "commission", "live"] as const;

/** What is known of the device so far; each step adds its part. */
type Known = {
  readonly gateway?: GatewayDetail;
  readonly candidate?: Candidate;
  readonly profile?: string;
  readonly named?: Named;
};

function Wizard({ gateways }: { readonly gateways: readonly GatewayDetail[] }) {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  const [known, setKnown] = useState<Known>({});
  const heading = useRef<HTMLDivElement>(null);
  const go = (step: number, more: Known = {}) => {
    setKnown((before) => ({ ...before, ...more }));
    setAt(step);
    // Whoever reads by ear is told that another step has begun.
    heading.current?.focus();
  };

  if (gateways.length === 0) {
    return (
      <EmptyState
        title={t("admin:onboard.none")}
        why={t("admin:onboard.noneWhy")}
        action={<Link to="/admin/gateways">{t("admin:gateways")}</Link>}
      />
    );
  }
  const { gateway, candidate, profile, named } = known;
  return (
    <>
      <StepList at={at} steps={steps.map((step) => t(`admin:step.${step}`))} />
      <div ref={heading} tabIndex={-1}>
        <Panel title={t(`admin:step.${steps[at]}`)}>
          {/* Kept while one looks further, so that a way back finds what was found. */}
          <div hidden={at !== 0}>
            <ScanStep
              gateways={gateways}
              onNext={(chosen, found) => go(1, { gateway: chosen, candidate: found })}
            />
          </div>
          {at === 1 && candidate && (
            <ProfileStep
              candidate={candidate}
              onBack={() => go(0)}
              onNext={(id) => go(2, { profile: id })}
            />
          )}
          {at === 2 && gateway && candidate && profile !== undefined && (
            <TestStep
              gateway={gateway.id}
              url={candidate.url}
              profile={profile}
              onBack={() => go(1)}
              onNext={() => go(3)}
            />
          )}
          {at === 3 && gateway && candidate && (
            <NameStep
              gateway={gateway}
              candidate={candidate}
              named={named}
              onBack={() => go(2)}
              onNext={(given) => go(4, { named: given })}
            />
          )}
          {at === 4 && gateway && candidate && profile !== undefined && named && (
            <CommissionStep
              gateway={gateway.id}
              device={{ url: candidate.url, profile, ...named }}
              onBack={() => go(3)}
              onNext={() => go(5)}
            />
          )}
          {at === 5 && gateway && named && <LiveStep plant={gateway.plant} tag={named.tag} />}
        </Panel>
      </div>
    </>
  );
}
