// key-conflict: names that stand for two keys.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "key-conflict";

test("two keys of one name in one list, and in the list of one host", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a.nix.settings.trusted-public-keys = [ "x-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" "x-1:g4cAP9Y5IdOoRNauVUqBf5/iam3PFsCsQcLLlg3nhkk=" ];
                                                                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error key-conflict (review): "x-1" is another key already: Nix keeps the first of a name and ignores this one, so what is signed with it is refused
  b = {
    imports = [ { nix.settings.trusted-public-keys = [ "y-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; } ];
    nix.extraOptions = "extra-trusted-public-keys = y-1:g4cAP9Y5IdOoRNauVUqBf5/iam3PFsCsQcLLlg3nhkk=";
                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error key-conflict (review): "y-1" is another key already: Nix keeps the first of a name and ignores this one, so what is signed with it is refused
  };
}
`,
  );
});

test("two hosts of one fleet mean different keys", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a.nix.settings.trusted-public-keys = [ "x-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ];
  b.nix.settings.trusted-public-keys = [ "x-1:g4cAP9Y5IdOoRNauVUqBf5/iam3PFsCsQcLLlg3nhkk=" ];
                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error key-conflict (review): "x-1" is another key on host "a" than on host "b": one of the two refuses what is signed under that name
}
`,
  );
});

test("flakes and nix.conf files are judged too, and published keys", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  nixConfig.extra-trusted-public-keys = [ "nix-community.cachix.org-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ];
                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error key-conflict (review): this is not the key that nix-community publishes as "nix-community.cachix.org-1": what that cache signs is refused
  outputs = { ... }: { };
}
#- nix.conf
trusted-public-keys = x-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=
extra-trusted-public-keys = x-1:g4cAP9Y5IdOoRNauVUqBf5/iam3PFsCsQcLLlg3nhkk=
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error key-conflict (review): "x-1" is another key already: Nix keeps the first of a name and ignores this one, so what is signed with it is refused
`,
  );
});

test("the same key again, other names, and cases that exclude each other", () => {
  checkClean(
    CODE,
    nix`
{ lib, ... }:
{
  nix.settings.trusted-public-keys =
    [ "x-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" "x-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]
    ++ (if builtins.getEnv "X" == "" then [ "y-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ] else [ "y-1:g4cAP9Y5IdOoRNauVUqBf5/iam3PFsCsQcLLlg3nhkk=" ]);
}
`,
  );
});

test("the fix puts in the published key", () => {
  checkFix(
    CODE,
    nix`
{ nix.settings.trusted-public-keys = [ "nix-community.cachix.org-1:A6EH$0v/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }
`,
    nix`
{ nix.settings.trusted-public-keys = [ "nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs=" ]; }
`,
  );
});

test("the nixConfig of a flake and one of its hosts", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  nixConfig.extra-trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ];
  outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; };
}
#- web.nix
{ nix.settings.trusted-public-keys = [ "a-1:g4cAP9Y5IdOoRNauVUqBf5/iam3PFsCsQcLLlg3nhkk=" ]; }
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error key-conflict (review): "a-1" is another key in the flake's nixConfig than on host "web": one of the two refuses what is signed under that name
`,
  );
});

test("the key that is ignored is removed, that of another host is taken over", () => {
  const [one, two] = [
    "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=",
    "g4cAP9Y5IdOoRNauVUqBf5/iam3PFsCsQcLLlg3nhkk=",
  ];
  checkFix(
    CODE,
    `{ nix.settings.trusted-public-keys = [ "a-1:${one}" "a-1$0:${two}" ]; }`,
    `{ nix.settings.trusted-public-keys = [ "a-1:${one}" ]; }`,
  );
  const hive = (ofB: string) => `#- hive.nix
{
  a.nix.settings.trusted-public-keys = [ "a-1:${one}" ];
  b.nix.settings.trusted-public-keys = [ "${ofB}" ];
}
`;
  checkFix(CODE, hive(`a-1$0:${two}`), hive(`a-1:${one}`));
});
