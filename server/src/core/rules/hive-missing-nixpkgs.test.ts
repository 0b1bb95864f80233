// What hive-missing-nixpkgs finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "hive-missing-nixpkgs";

test("a hive without meta, and one without nixpkgs", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self }: {
    colmena = {
    ^^^^^^^ error hive-missing-nixpkgs: the hive has no meta.nixpkgs, which colmena needs in a flake: no node can be evaluated
      web = { };
    };
  };
}
#- other/flake.nix
{
  outputs = { self, nixpkgs }: {
    colmena.meta = {
            ^^^^ error hive-missing-nixpkgs (review): the hive has no meta.nixpkgs, which colmena needs in a flake: no node can be evaluated
      name = "x";
    };
  };
}
`,
  );
});

test("it is put in", () => {
  checkFix(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self, nixpkgs }: {
    colmena.me$0ta = {
      name = "x";
    };
  };
}
`,
    nix`
#- flake.nix
{
  outputs = { self, nixpkgs }: {
    colmena.meta = {
      nixpkgs = import nixpkgs { system = "x86_64-linux"; };
      name = "x";
    };
  };
}
`,
  );
});

test("hives outside of flakes, and meta that is not known", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{ web = { }; }
#- f/flake.nix
{ outputs = { self, other }: { colmena = { meta = other.meta; web = { }; }; }; }
`,
  );
});

test("the flake of nixpkgs is no set of packages", () => {
  const flake = (meta: string) => `#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.colmena.url = "github:zhaofengli/colmena";
  outputs = { self, nixpkgs, colmena }: {
    colmenaHive = colmena.lib.makeHive { ${meta} web = { }; };
  };
}
`;
  checkFix(
    CODE,
    flake("meta.nixpkgs = nix$0pkgs;"),
    flake('meta.nixpkgs = import nixpkgs { system = "x86_64-linux"; };'),
  );
  checkFix(
    CODE,
    flake("me$0ta.specialArgs = { };"),
    flake('meta.specialArgs = { }; meta.nixpkgs = import nixpkgs { system = "x86_64-linux"; };'),
  );
});

test("nixpkgs is named as the flake takes it, or not at all", () => {
  const flake = (outputs: string, meta: string) => `#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = ${outputs}: {
    colmena.meta = {
${meta}
    };
  };
}
`;
  const name = '      name = "x";';
  const after = '      nixpkgs = import inputs.nixpkgs { system = "x86_64-linux"; };\n      name = "x";';
  checkFix(
    CODE,
    flake("{ self, ... }@inputs", name).replace("meta =", "me$0ta ="),
    flake("{ self, ... }@inputs", after),
  );
  checkNoFix(CODE, flake("{ self, ... }", name).replace("meta =", "me$0ta ="));
});

test("a hive that says nothing of itself gets meta.nixpkgs", () => {
  const flake = (hive: string) => `#- flake.nix
{
  inputs.colmena.url = "github:zhaofengli/colmena";
  outputs = { self, nixpkgs, colmena }: {
    co$0lmenaHive = colmena.lib.makeHive {
      ${hive}
    };
  };
}
`;
  checkFix(
    CODE,
    flake("# our hosts\n      web = { };"),
    flake(
      'meta.nixpkgs = import nixpkgs { system = "x86_64-linux"; };\n      # our hosts\n      web = { };',
    ).replace("$0", ""),
  );
});
