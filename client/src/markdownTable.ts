// Tables of reports. They are read as text first, so columns are padded.

/** The lines of a table: the first row is its head. Cells are Markdown already. */
export function markdownTable(
  rows: readonly (readonly string[])[],
  { rightAligned }: { readonly rightAligned?: number } = {},
): string[] {
  const [head = [], ...others] = rows;
  const widths = head.map((_, column) => Math.max(3, ...rows.map(row => row[column]?.length ?? 0)));
  const pad = (text: string, column: number) =>
    column === rightAligned ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = widths.map((width, column) =>
    column === rightAligned ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [line(head.map(pad)), line(rule), ...others.map(row => line(row.map(pad)))];
}
