// What hive-output-missing finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "hive-output-missing";

test("the raw hive alone", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self, nixpkgs, colmena }: {
    colmena = { meta.nixpkgs = import nixpkgs { system = "x86_64-linux"; }; };
    ^^^^^^^ warning hive-output-missing (review): the flake has no output colmenaHive, which colmena 0.5 needs; 0.4 fails on Nix 2.21 and newer
  };
}
`,
  );
});

test("makeHive is put in", () => {
  checkFix(
    CODE,
    nix`
#- flake.nix
{
  inputs.colmena.url = "github:nix-community/colmena";
  outputs = { self, nixpkgs, colmena }: {
    col$0mena = { meta.nixpkgs = import nixpkgs { system = "x86_64-linux"; }; };
  };
}
`,
    nix`
#- flake.nix
{
  inputs.colmena.url = "github:nix-community/colmena";
  outputs = { self, nixpkgs, colmena }: {
    colmenaHive = colmena.lib.makeHive self.outputs.colmena;
    colmena = { meta.nixpkgs = import nixpkgs { system = "x86_64-linux"; }; };
  };
}
`,
  );
});

test("both outputs", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{
  inputs.colmena.url = "github:nix-community/colmena";
  outputs = { self, nixpkgs, colmena }: {
    colmenaHive = colmena.lib.makeHive self.outputs.colmena;
    colmena = { meta.nixpkgs = import nixpkgs { system = "x86_64-linux"; }; };
  };
}
`,
  );
});
