import { expect, test } from "vitest";
import { wordsOf } from "./grave-words.ts";

const gigabyte = 1_000_000_000;
const when = "2026-11-23 00:12:33.001 UTC [71]";

test("what ended a server is said with what led there, not what it wrote behind that or told others meanwhile", () => {
  const log = [
    `${when} LOG:  starting PostgreSQL 18.1`,
    `${when} FATAL:  the database system is starting up`,
    `${when} PANIC:  could not locate a valid checkpoint record`,
    `${when} LOG:  startup process (PID 71) was terminated by signal 6: Aborted`,
    `${when} LOG:  aborting startup due to startup process failure`,
    `${when} LOG:  database system is shut down`,
  ];

  expect(wordsOf(`${log.join("\n")}\n`, gigabyte)).toBe(`${log[0]} | ${log[2]}`);
});

test("a server that calls nothing grave is quoted with its last lines", () => {
  expect(wordsOf("one\ntwo\nthree\nfour\n", gigabyte)).toBe("two | three | four");
  expect(wordsOf("", gigabyte)).toBe("");
});

test("a full disk is the reason, whether the server could still write so or not", () => {
  const said = `${when} FATAL:  could not write lock file "postmaster.pid": No space left on device`;

  expect(wordsOf(said, gigabyte)).toBeUndefined();
  expect(wordsOf(`${when} LOG:  database system is shut down`, 0)).toBeUndefined();
});
