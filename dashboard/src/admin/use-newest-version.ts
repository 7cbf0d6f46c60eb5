import { useQuery } from "@tanstack/react-query";
import { useParts } from "../app/parts.ts";
import { versionsQuery } from "./queries.ts";

/** The newest version of a gateway's configuration when this was first shown; 0 for none. */
export function useNewestVersion(gateway: string): {
  readonly after: number | undefined;
  readonly error: Error | null;
} {
  const { http } = useParts();
  const { queryFn } = versionsQuery(http, gateway);
  // A question of its own: what others make meanwhile must not move the number.
  const { data, error } = useQuery({
    ...{ queryKey: ["newest version", gateway], gcTime: 0 },
    ...(queryFn && { queryFn }),
    ...{ staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false },
    select: ({ versions }) => versions[0]?.version ?? 0,
  });
  return { after: data, error };
}
