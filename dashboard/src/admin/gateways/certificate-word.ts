const dayMs = 86_400_000;
/** So many days before its end a certificate has to be renewed: it takes people, and a visit at worst. */
const urgentDays = 30;

export type CertificateWord = {
  readonly key: "none" | "left" | "today" | "over";
  /** Whole days that are left. */
  readonly days: number;
  readonly isUrgent: boolean;
};

/** How long a certificate is valid still; `until` is absent where there is none. */
export function certificateWord(until: number | undefined, now: number): CertificateWord {
  if (until === undefined) return { key: "none", days: 0, isUrgent: false };
  const days = Math.floor((until - now) / dayMs);
  const key = until <= now ? "over" : days === 0 ? "today" : "left";
  return { key, days: Math.max(0, days), isUrgent: days < urgentDays };
}
