const excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** What a file chooser offers. */
export const listFiles = `.csv,.tsv,.txt,.xlsx,text/csv,${excel}`;

/** The file under the type that its name says: systems know CSV by many types, or none. */
export function asList(file: File): Blob {
  const type = file.name.toLowerCase().endsWith(".xlsx") ? excel : "text/csv";
  return file.slice(0, file.size, type);
}
