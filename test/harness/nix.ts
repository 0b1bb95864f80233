// The tag for Nix text in tests. It takes the text as it is typed, so that Nix backslashes stay; only the `${` of Nix is
// written `\${`, and fixture.ts drops that backslash. A backtick is written `\``.

/** The raw text of the template. Throws if a value is interpolated: then somebody forgot the backslash in `\${`. */
export function nix(strings: TemplateStringsArray, ...values: readonly unknown[]): string {
  if (values.length > 0) throw new Error("write \\${ for the ${ of Nix: a fixture takes no values");
  return (strings.raw[0] ?? "").replaceAll("\\`", "`");
}
