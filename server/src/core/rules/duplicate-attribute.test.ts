// What duplicate-attribute finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "duplicate-attribute";

test("twice the same name", () => {
  checkDiagnostics(
    CODE,
    nix`
{
  nix.gc.automatic = true;
  nix.gc.automatic = false;
         ^^^^^^^^^ error duplicate-attribute: attribute 'automatic' already defined
}
`,
  );
});

test("sets that are joined", () => {
  checkClean(
    CODE,
    nix`
{ nix.gc.automatic = true; nix.gc.dates = "weekly"; nix = { settings = { }; }; }
`,
  );
});
