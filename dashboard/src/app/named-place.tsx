import { Loaded, type LoadedProps } from "../kit/loaded.tsx";
import { ApiProblem } from "./http.ts";
import { NotFound } from "./not-found.tsx";

type NamedPlaceProps<T> = Omit<LoadedProps<T>, "lines"> & { readonly what: "plant" | "device" };

/** The plant or device that the address names, or that there is no such. */
export function NamedPlace<T>({ what, query, children }: NamedPlaceProps<T>) {
  const { data, error } = query;
  const isUnknown = error instanceof ApiProblem && (error.status === 404 || error.status === 400);
  if (data === undefined && isUnknown) return <NotFound what={what} />;
  return (
    <Loaded query={query} lines={10}>
      {children}
    </Loaded>
  );
}
