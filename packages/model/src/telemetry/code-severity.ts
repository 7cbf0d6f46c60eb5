import * as z from "zod";

/** How grave the maker's documents call what a state's code or a bit says. */
export const CodeSeverity = z.enum(["info", "warning", "minor", "major"]);
export type CodeSeverity = z.infer<typeof CodeSeverity>;
