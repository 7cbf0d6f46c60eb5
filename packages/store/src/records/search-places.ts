import { type DeviceAnnouncement, FoundPlace } from "@sunledger/model";
import { sql } from "drizzle-orm";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import type { PlaceSearch } from "./records.ts";

/**
 * Searches the organisation that the transaction has entered. It reads all of its plants and devices:
 * an index on the texts would stand idle, as under row-level security PostgreSQL asks no `like` of an
 * index before the policy.
 */
export async function searchPlaces(
  db: NodePgDatabase,
  { text, near, most }: PlaceSearch,
): Promise<FoundPlace[]> {
  const words = text.split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return [];
  const whole = literal(words.join(" "));
  const all = sql`array[${sql.join(
    words.map((word) => sql`lower(${`%${literal(word)}%`})`),
    sql`, `,
  )}]`;
  const { rows } = await db.execute(sql`
    with place as materialized (
      select id, code, name, lower(concat_ws(E'\n', code, name->>'en', name->>'zh')) as own
        from plant
    ), candidate as materialized (
      select 'plant' as kind, id, null::uuid as of, code as mark, own, '' as beyond
        from place
       union all
      select 'device', device.id, device.plant, tag,
             lower(concat_ws(E'\n', tag, device.name->>'en', device.name->>'zh', serial, model)), place.own
        from device join place on place.id = device.plant
    ), found as materialized (
      select kind, id, of, mark,
             case when E'\n' || own || E'\n' like E'%\n' || lower(${whole}) || E'\n%' then 0
                  when E'\n' || own like E'%\n' || lower(${whole}) || '%' then 1
                  when own like all (${all}) then 2
                  else 3 end as rank,
             coalesce(of = ${near ?? null}::uuid, false) as near
        from candidate
       where own || E'\n' || beyond like all (${all})
       order by rank, near desc, kind desc, mark, id
       limit ${most}
    )
    select found.kind, found.id, found.mark, coalesce(device.name, place.name) as name, serial, model,
           case when device.id is not null
                then json_build_object('id', place.id, 'code', place.code, 'name', place.name) end as plant
      from found
      left join device on device.id = found.id
      join place on place.id = coalesce(found.of, found.id)
     order by rank, near desc, found.kind desc, found.mark, found.id`);
  return rows.map((row) =>
    FoundPlace.parse(Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))),
  );
}

/** What a device says of itself, as a database keeps it: it takes no zero character. */
export function identityOf({ texts }: DeviceAnnouncement) {
  const kept = (point: string) => texts[point]?.replaceAll("\0", "") ?? null;
  return { serial: kept("id.serial"), model: kept("id.model") };
}

/** In a pattern every character stands for itself. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
