import type { LastResults, SoakResult, TestedFile } from "./last-results.ts";
import { duties, faults, type ReliabilityRow, soakRow } from "./reliability-table.ts";

/** The text of `docs/reliability.md`. */
export function renderReliability(results: LastResults): string {
  return `# Reliability

What must hold whatever happens, the tests that hold it, and what came of them last. Written by \`npm run
reliability\`, which runs every test that is named here; with files behind \`--\` it runs those alone, with \`--stale\`
those whose results are older than their tests.

The seed of a row is what its random tests began from: \`SUNLEDGER_TEST_SEED\` brings back the same schedule
of faults, but for what a broker or a machine rules out, and the run of the model step by step. *Short* is the suite as continuous integration runs it,
*full* the whole. The seconds are those that the files of a row took. Where no disk may be mounted, as in most
containers, tests of full disks are left out, and counted as *without a disk to mount*.

    npm test -- faults                 the suite, cut short
    npm run test:full -- faults        the same for longer
    npm run soak -- --hours 8          for as long as you like; --seed N brings a schedule back

## How it is proved

- **Real processes under a schedule of faults** (\`${duties[0]?.tests[0]}\`), on the embedded broker and on
  Mosquitto: two gateways, ingest, the API, PostgreSQL and simulated devices, a TCP proxy of our own between devices and
  gateways, gateways and broker, ingest and broker, and between PostgreSQL and ingest, the API and the embedded
  broker; none between the broker and the API, or the two gateways that misbehave.
  Programs are killed with -9, PostgreSQL is stopped at once, ingest kills itself at its failpoints and gateways at
  a commit, just before it and behind it, clocks are set ahead and back by minutes to a year, links are
  cut, held half-open, slowed and cut in mid-frame, programs stand still, the disks of an outbox and of the store are
  full, a gateway repeats, reorders and poisons, another sends the broker broken packets. In the end the
  simulators' ledger is held against the store; then a backup is restored under the running ingest, and again.
  What was served may be missing, or in a frame without its value, only of a device or gateway that was itself
  struck, or where the gateway itself tells that it gave up waiting for the very answer, as may happen on a busy machine: in
  three polls of a device or one in twenty, and no value of that answer may have been heard. A gap excuses its own
  lane alone. What gateways have counted is there by lane and hour, and nothing of it waits in the end (D-13); what
  a ring had must come again. The API is looked at all the while: each answer is a page or says what is away, and
  nothing is called live that is not young in the store.
  The full run does the same with values in VictoriaMetrics and in InfluxDB 1.6, behind a proxy, killed and held up like
  the others (\`tests/faults/series-under-faults.test.ts\`), but for roll-ups and a gateway's clock.
- **The parts in one process on a driven clock** (\`tests/faults/model-run.test.ts\`): outbox files, delivery
  windows, acceptance and commits over a network that loses, repeats and reorders. A seed replays exactly.
  Sockets, threads and their time-outs live in real time, so that whole programs are not among them.
- **A fleet that returns** (\`tests/faults/returning-gateways.test.ts\`), and a store restored from an hour before.

## Duties of the delivery contract

${table(duties, results)}

## Faults

${table(faults, results)}
${soakLine(results)}
`;
}

const head =
  "| code | what | what must hold | tests | not yet | last result |\n| --- | --- | --- | --- | --- | --- |";

function table(rows: readonly ReliabilityRow[], results: LastResults): string {
  const lines = rows.map((row) => {
    const { code, subject, mustHold, tests, open = "" } = row;
    const files = tests.map((file) => `\`${file}\``).join("<br>");
    return line([code, subject, mustHold, files, open, resultOf(row, results)]);
  });
  return [head, ...lines].join("\n");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function resultOf({ tests }: ReliabilityRow, { files, whole }: LastResults): string {
  if (tests.length === 0) return "none";
  const ofWhole = tests.flatMap((file) => whole[file] ?? []);
  const short = inWords(tests.flatMap((file) => files[file] ?? []));
  const unknown = tests.filter((file) => !files[file] && !whole[file]).length;
  return [
    ...(short === "" ? [] : [short]),
    ...(ofWhole.length > 0 ? [inWords(ofWhole)] : []),
    ...(unknown > 0 ? [`${unknown} files not run`] : []),
  ].join("; ");
}

/** What came of some files that ran to the same extent. */
function inWords(known: readonly TestedFile[]): string {
  const [first] = known;
  if (!first) return "";
  const sum = (of: "passed" | "failed" | "skipped" | "exempt") =>
    known.reduce((total, one) => total + one[of], 0);
  const seconds = known.reduce((total, one) => total + (one.seconds ?? 0), 0);
  const days = known.map(({ at }) => at.slice(0, 10)).sort();
  const seeds = [...new Set(known.map(({ seed }) => seed))].sort((a, b) => a - b);
  return [
    `${sum("passed")} passed`,
    ...(sum("failed") > 0 ? [`**${sum("failed")} failed**`] : []),
    ...(sum("skipped") > 0 ? [`${sum("skipped")} skipped`] : []),
    ...(sum("exempt") > 0 ? [`${sum("exempt")} without a disk to mount`] : []),
    first.extent,
    `seed ${seeds.join(", ")}`,
    ...(seconds > 0 ? [`${Math.round(seconds)} s`] : []),
    ...days.slice(0, 1),
  ].join(", ");
}

function soakLine({ soak }: LastResults): string {
  const { code, subject, mustHold, open } = soakRow;
  const result = soak
    ? `${soak.hours} h on ${soak.broker}, seed ${soak.seed}: ${soak.faults} faults, ${soak.frames} frames, ${soak.wrong === 0 ? "nothing wrong" : `**${soak.wrong} wrong**`}, ${growthIn(soak)}, ${soak.at.slice(0, 10)}`
    : "not run";
  return line([code, subject, mustHold, "`npm run soak`", open, result]);
}

function growthIn({ growth, megabytes }: SoakResult): string {
  const slopes = Object.values(growth).flatMap(({ slope }) => slope ?? []);
  const held = megabytes === undefined ? "" : `no program above ${megabytes} MB, `;
  if (slopes.length === 0) return `${held}too short to judge growth by`;
  return `${held}memory by ${Math.max(...slopes).toFixed(2)} MB/h at most`;
}
