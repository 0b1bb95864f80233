// Reads fixtures: one or several files in one text, with carets under the places where findings are expected.
//
//   #- caches.nix
//   { nix.settings.substituters = [ "htps://a" ]; }
//                                    ^^^^ error substituter-unknown-scheme (fix): …
//
// A line of blanks, carets and text is an expectation for the last line of code above it and is taken out.

/** What a caret line says. */
export interface Expectation {
  readonly path: string;
  /** From 0, in the text without caret lines. */
  readonly line: number;
  readonly character: number;
  readonly length: number;
  readonly severity: string;
  readonly code: string;
  /** "fix": a safe one is offered; "review": only ones to be reviewed. */
  readonly fix: "fix" | "review" | "none";
  /** Undefined: any. Ends in `…`: only the beginning counts. */
  readonly message: string | undefined;
}

export interface Fixture {
  /** Texts by absolute path. */
  readonly files: ReadonlyMap<string, string>;
  readonly expectations: readonly Expectation[];
  /** Where `$0` stood. */
  readonly cursor: { readonly path: string; readonly offset: number } | undefined;
}

/** The folder in which fixtures live. */
export const FIXTURE_ROOT = "/w";

const FILE = /^#- (\S+)$/;
const CARETS =
  /^(\s*)(\^+)\s+(error|warning|information|hint) ([a-z0-9-]+)(?: \((fix|review)\))?(?:: (.*))?$/;

/** The path of a fixture's file. */
export function fixturePath(name: string): string {
  return name.startsWith("/") ? name : `${FIXTURE_ROOT}/${name}`;
}

/** Reads a fixture; throws where it is no fixture, for then the test is wrong. */
export function parseFixture(raw: string, defaultName = "configuration.nix"): Fixture {
  const text = raw.startsWith("\n") ? raw.slice(1) : raw;
  const files = new Map<string, string>();
  const expectations: Expectation[] = [];
  let path = fixturePath(defaultName);
  let lines: Line[] = [];
  const finish = (): void => {
    if (lines.length > 0) files.set(path, lines.map(line => line.text).join("\n"));
  };
  for (const line of text.split("\n")) {
    const file = FILE.exec(line);
    if (file?.[1] !== undefined) {
      finish();
      path = fixturePath(file[1]);
      lines = [];
      continue;
    }
    const expectation = readCarets(line, path, lines);
    if (expectation === undefined) lines.push(dropBackslashes(line));
    else expectations.push(expectation);
  }
  finish();
  return { ...takeCursor(files), expectations };
}

/** A line as Nix sees it, and where the dropped backslashes stood. */
interface Line {
  readonly text: string;
  readonly dropped: readonly number[];
}

function dropBackslashes(line: string): Line {
  const dropped: number[] = [];
  for (const match of line.matchAll(/\\\$\{/g)) dropped.push(match.index);
  return { text: line.replaceAll("\\${", "${"), dropped };
}

function readCarets(line: string, path: string, before: readonly Line[]): Expectation | undefined {
  const match = CARETS.exec(line);
  if (match === null) {
    if (/^\s*\^+(\s|$)/.test(line)) throw new Error(`not an expectation: ${line.trim()}`);
    return undefined;
  }
  const [, blanks = "", carets = "", severity = "", code = "", fix, message] = match;
  const above = before.at(-1);
  if (above === undefined) throw new Error(`an expectation above any code: ${line.trim()}`);
  const shift = (column: number): number => column - above.dropped.filter(at => at < column).length;
  const character = shift(blanks.length);
  return {
    path,
    line: before.length - 1,
    character,
    length: shift(blanks.length + carets.length) - character,
    severity,
    code,
    fix: fix === "fix" || fix === "review" ? fix : "none",
    message,
  };
}

function takeCursor(files: ReadonlyMap<string, string>): Pick<Fixture, "files" | "cursor"> {
  const without = new Map<string, string>();
  let cursor: Fixture["cursor"];
  for (const [path, text] of files) {
    const offset = text.indexOf("$0");
    if (offset >= 0) cursor = { path, offset };
    without.set(path, offset < 0 ? text : text.slice(0, offset) + text.slice(offset + 2));
  }
  return { files: without, cursor };
}
