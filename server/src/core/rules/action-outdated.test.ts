// What action-outdated finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "action-outdated";

test("old majors of actions of the field", () => {
  checkDiagnostics(
    CODE,
    nix`
#- .github/workflows/ci.yml
steps:
  - uses: cachix/install-nix-action@v20
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information action-outdated (review): cachix/install-nix-action is at v31, this workflow uses v20
  - name: cache
    uses: "cachix/cachix-action@v12.1"
           ^^^^^^^^^^^^^^^^^^^^^^^^^^ information action-outdated (review): cachix/cachix-action is at v17, this workflow uses v12.1
`,
  );
});

test("the newest major", () => {
  checkFix(
    CODE,
    nix`
#- .github/workflows/ci.yml
steps:
  - uses: cachix/cachix-action@v1$02
`,
    nix`
#- .github/workflows/ci.yml
steps:
  - uses: cachix/cachix-action@v17
`,
  );
});

test("current versions, branches, commits, other actions", () => {
  checkClean(
    CODE,
    nix`
#- .github/workflows/ci.yml
steps:
  - uses: cachix/cachix-action@v99
  - uses: DeterminateSystems/nix-installer-action@main
  - uses: cachix/cachix-action@0fc020193b5a1fa3ac4575aa3a7d3aa6a35435ad
  - uses: actions/checkout@v1
`,
  );
});
