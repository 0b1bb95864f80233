// What flag-deprecated finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "flag-deprecated";

test("old flags of nixos-rebuild in scripts and task files", () => {
  checkDiagnostics(
    CODE,
    nix`
#- deploy.sh
nixos-rebuild switch --use-remote-sudo --no-ssh-tty
                     ^^^^^^^^^^^^^^^^^ information flag-deprecated (fix): nixos-rebuild warns about --use-remote-sudo: it is called --sudo today (NixOS 25.05 and newer)
                                       ^^^^^^^^^^^^ information flag-deprecated (fix): nixos-rebuild ignores --no-ssh-tty today and warns about it
cargo build --fast
#- justfile
deploy:
  nixos-rebuild boot \
    --fast
    ^^^^^^ information flag-deprecated (fix): nixos-rebuild warns about --fast: it is called --no-reexec today (NixOS 25.11 and newer)
`,
  );
});

test("the new name", () => {
  checkFix(
    CODE,
    nix`
#- deploy.sh
nixos-rebuild switch --use-remote$0-sudo --flake .
`,
    nix`
#- deploy.sh
nixos-rebuild switch --sudo --flake .
`,
  );
});

test("a flag without effect is removed", () => {
  checkFix(
    CODE,
    nix`
#- deploy.sh
nixos-rebuild switch --no-ssh$0-tty --flake .
`,
    nix`
#- deploy.sh
nixos-rebuild switch --flake .
`,
  );
});

test("flags of other tools, comments", () => {
  checkClean(
    CODE,
    nix`
#- Makefile
# nixos-rebuild switch --fast
all:
	nixos-rebuild switch --sudo; make --fast
`,
  );
});
