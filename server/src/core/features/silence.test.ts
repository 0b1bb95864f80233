import { expect, test } from "vitest";
import { analyse } from "../../../../test/harness/analyse";
import { applyEdits } from "../text/textEdit";
import { silenceEdit } from "./silence";

/** The text after silencing its first finding (of a code), which must be gone then; undefined where that cannot be done. */
function silenced(text: string, path = "/w/configuration.nix", wanted?: string): string | undefined {
  const analysis = analyse(new Map([[path, text]]));
  const finding = analysis.findings(path).find(({ code }) => wanted === undefined || code === wanted);
  if (finding === undefined) throw new Error("nothing is found");
  const edit = silenceEdit(analysis, finding);
  if (edit === undefined) return undefined;
  const after = applyEdits(text, [edit]);
  const codes = analyse(new Map([[path, after]]))
    .findings(path)
    .map(({ code }) => code);
  expect(codes).not.toContain(finding.code);
  return after;
}

test("a finding is silenced by a comment above it, as deep as its line", () => {
  expect(silenced('{\n  nix.settings.substituters = [\n    "htps://a.example.org"\n  ];\n}\n')).toBe(
    '{\n  nix.settings.substituters = [\n    # nix-deploy: ignore substituter-unknown-scheme\n    "htps://a.example.org"\n  ];\n}\n',
  );
  expect(silenced('{ nix.settings.substituters = [ "htps://a.example.org" ]; }\r\n')).toMatch(
    /^# nix-deploy: ignore substituter-unknown-scheme\r\n\{/,
  );
});

test("a comment that is there gets one more code", () => {
  expect(
    silenced(
      '{\n  # nix-deploy: ignore cache-order\n  nix.settings.substituters = [ "htps://a.example.org" ];\n}\n',
    ),
  ).toContain("# nix-deploy: ignore cache-order, substituter-unknown-scheme\n");
});

test("nix.conf and nix.conf text in Nix take comments, other strings and JSON do not", () => {
  expect(silenced("substituters = htps://a.example.org\n", "/w/nix.conf")).toMatch(/^# nix-deploy: ignore/);
  expect(
    silenced("{\n  nix.extraOptions = ''\n    substituters = htps://a.example.org\n  '';\n}\n"),
  ).toContain("    # nix-deploy: ignore substituter-unknown-scheme\n    substituters");
  const inString = '{\n  nix.settings.substituters = [ "\n  htps://a.example.org" ];\n}\n';
  expect(silenced(inString, "/w/configuration.nix", "substituter-unknown-scheme")).toBeUndefined();
});
