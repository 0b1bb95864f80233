// The configuration of the popular staging-cache tutorial with three typical slips: all are found, and nothing else.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LineIndex } from "../server/src/core/text/lineIndex";
import { analyse } from "./harness/analyse";

const PATH = "/w/configuration.nix";
const text = readFileSync(new URL("fixtures/workspaces/sample/configuration.nix", import.meta.url), "utf8");

test("the sample configuration shows its mistakes and no others", () => {
  const analysis = analyse(new Map([[PATH, text]]));
  const index = new LineIndex(text);
  const found = analysis.findings(PATH).map(({ code, severity, span, fixes }) => {
    const { line } = index.position(span.start);
    return `${line + 1} ${severity} ${code} ${text.slice(span.start, span.end)} [${fixes.map(fix => fix.title)}]`;
  });
  expect(found).toEqual([
    "4 error sshserve-key-malformed AAAAB3NzaC1yc2EAAAADAQAB []",
    "8 information cache-order ssh://nix-ssh@stage.yourapp.com [Add priority=50]",
    "8 error substituter-unknown-scheme htps [Replace by https://cache.example.org]",
    "9 error key-malformed T0xDDpZbMep2GjjzGDpRk32FkZx/+LZ4eKqPyGI2 []",
  ]);
});
