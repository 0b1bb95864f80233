// What hive-key-source finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "hive-key-source";

test("none, two, a slash and bad owners", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  web = {
    deployment.keys = {
      a = { };
      ^ error hive-key-source: deployment.keys.a has none of text, keyFile and keyCommand: colmena stops with "Somehow 0 or more than 1 key source was specified"
      b = { text = "x"; keyFile = "/x"; };
      ^ error hive-key-source: deployment.keys.b has text and keyFile at once: colmena stops with "Somehow 0 or more than 1 key source was specified"
      "c/d" = { keyFile = "/x"; };
      ^^^^^ error hive-key-source: the key name "c/d" has a slash: colmena stops with "Validation error"; use destDir for the folder
      e = { keyFile = "/x"; user = "my_user"; group = "Wheel"; };
                                   ^^^^^^^^^ error hive-key-source: deployment.keys.e.user "my_user" has other characters than a-z, 0-9 and "-": colmena stops with just "Validation error"
                                                      ^^^^^^^ error hive-key-source: deployment.keys.e.group "Wheel" has other characters than a-z, 0-9 and "-": colmena stops with just "Validation error"
    };
  };
}
`,
  );
});

test("one source, others null, conditions", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  web = { lib, pkgs, ... }: {
    deployment.keys.a = { text = null; keyCommand = [ "pass" "x" ]; user = "nginx"; };
    deployment.keys.b = pkgs.x // { user = "root"; };
  };
}
`,
  );
});

test("keys of wire, which shares the file name", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{ web = { deployment.keys.token = { source = "/run/token"; user = "my_user"; }; }; }
`,
  );
});

test("a command without a program", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  web = { deployment.keys.a.keyCommand = [ ]; };
                                         ^^^ error hive-key-source: deployment.keys.a.keyCommand names no program: …
}
`,
  );
});
