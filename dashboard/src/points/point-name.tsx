import { Fragment } from "react";

/** A point's canonical name, whose lines end behind a dot only. */
export function PointName({ name }: { readonly name: string }) {
  return placesOf(name).map((place, index, all) => (
    <Fragment key={place}>
      {index > 0 && <wbr />}
      {name.slice(place, all[index + 1])}
    </Fragment>
  ));
}

/** Where its words begin. */
function placesOf(name: string): number[] {
  return [0, ...[...name.matchAll(/\.(?=.)/g)].map(({ index }) => index + 1)];
}
