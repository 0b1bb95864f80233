// What is no configuration at all is analysed too, and nothing throws.

import { expect, test } from "vitest";
import { analyse } from "../harness/analyse";

test("garbage is no configuration and no crash", () => {
  const texts = [
    "\u0000\u0001\ufffd",
    "{".repeat(5000),
    "[ ".repeat(5000),
    "a.".repeat(5000),
    '"${'.repeat(2000),
    "''",
  ];
  for (const text of texts) {
    expect(
      analyse(
        new Map([
          ["/w/configuration.nix", text],
          ["/w/nix.conf", text],
        ]),
      ).crashes,
    ).toEqual([]);
  }
});

test("a set of options that refers to itself ends", () => {
  const text = `let s = s; k = [ k k ]; a = b; b = a; in
    { nix.settings = s; nix.settings.substituters = k ++ a ++ b; nix.sshServe = rec { keys = keys ++ keys; }; }`;
  expect(analyse(new Map([["/w/configuration.nix", text]])).crashes).toEqual([]);
});
