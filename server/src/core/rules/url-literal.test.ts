// url-literal and its fix.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "url-literal";

test("an unquoted URL", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.binaryCaches = [ https://cache.example.org/ ]; }
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^ hint url-literal (fix): https://cache.example.org/ is a URL literal, which newer Nix discourages: quote it
`,
  );
});

test("quotes are put around it", () => {
  checkFix(
    CODE,
    nix`{ nix.settings.substituters = [ https://cache.$0example.org ]; }`,
    nix`{ nix.settings.substituters = [ "https://cache.example.org" ]; }`,
  );
});

test("URL literals elsewhere are not our business", () => {
  checkClean(CODE, nix`{ src = fetchurl { url = https://example.org/x.tar.gz; }; }`);
});
