// secret-key-in-store and its fix.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "secret-key-in-store";

test("paths and interpolated paths", () => {
  checkDiagnostics(
    CODE,
    nix`
{
  nix.settings.secret-key-files = [ ./keys/cache.pem ];
                                    ^^^^^^^^^^^^^^^^ error secret-key-in-store: cache.pem is given to nix.settings.secret-key-files as a Nix path, …
  services.harmonia.cache.signKeyPaths = [ /etc/nix/key ];
                                           ^^^^^^^^^^^^ error secret-key-in-store (fix): key is given to services.harmonia.cache.signKeyPaths as a Nix path, …
  services.nix-serve.secretKeyFile = "\${./key.pem}";
                                     ^^^^^^^^^^^^^^^ error secret-key-in-store: key.pem is given to services.nix-serve.secretKeyFile as a Nix path, …
}
`,
  );
});

test("an absolute path is quoted", () => {
  checkFix(
    CODE,
    nix`{ services.nix-serve.secretKeyFile = /etc/nix/$0key; }`,
    nix`{ services.nix-serve.secretKeyFile = "/etc/nix/key"; }`,
  );
});

test("where a relative file should live is for people to say", () => {
  checkNoFix(CODE, nix`{ services.nix-serve.secretKeyFile = ./$0key; }`);
});

test("strings and secrets tools", () => {
  checkClean(
    CODE,
    nix`{ config, ... }: { nix.settings.secret-key-files = [ "/etc/nix/key" config.sops.secrets.key.path "\${config.x}/key" ]; }`,
  );
});

test("a key that colmena uploads from a path in a flake", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  outputs = { nixpkgs, ... }: {
    colmena = {
      meta.nixpkgs = import nixpkgs { system = "x86_64-linux"; };
      web.deployment.keys.token.keyFile = ./token;
                                          ^^^^^^^ error secret-key-in-store: token is given to deployment.keys.token.keyFile as a Nix path, which puts the secret into the world-readable store; give its place on the machine that deploys as a string
    };
  };
}
`,
  );
});

test("outside a flake colmena reads it in place, and a text is a place", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{ web.deployment.keys.token.keyFile = ./token; }
#- f/flake.nix
{
  outputs = { nixpkgs, ... }: {
    colmena = {
      meta.nixpkgs = import nixpkgs { system = "x86_64-linux"; };
      web.deployment.keys.token.keyFile = "/home/me/token";
    };
  };
}
`,
  );
});

test("a path in the text of nix.conf, and an absolute one", () => {
  checkDiagnostics(
    CODE,
    nix`
#- configuration.nix
{ nix.extraOptions = ''
    secret-key-files = \${./key.pem}
                          ^^^^^^^^^ error secret-key-in-store: key.pem is given to secret-key-files as a Nix path, which puts the secret into the world-readable store…
  ''; }
#- b.nix
{ nix.settings.secret-key-files = [ /var/lib/key ]; }
                                    ^^^^^^^^^^^^ error secret-key-in-store (fix): key is given to nix.settings.secret-key-files as a Nix path, which copies the secret into the world-readable store wherever it becomes part of a string; …
`,
  );
});

test("a file of the flake, by self in a string or a sum", () => {
  checkDiagnostics(
    CODE,
    nix`
{ self, inputs, other, ... }:
{
  services.nix-serve.secretKeyFile = "\${self}/secrets/key.pem";
                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^ error secret-key-in-store: secrets/key.pem is given to services.nix-serve.secretKeyFile as a file of this flake, which puts the secret into the world-readable store; …
  nix.settings.secret-key-files = [
    "\${inputs.self}/a.secret"
    ^^^^^^^^^^^^^^^^^^^^^^^^^^ error secret-key-in-store: a.secret is given to nix.settings.secret-key-files as a file of this flake, …
    (self + "/b.secret")
     ^^^^^^^^^^^^^^^^^^ error secret-key-in-store: b.secret is given to nix.settings.secret-key-files as a file of this flake, …
    "\${other}/c.secret"
  ];
}
`,
  );
});

test("the condition under which the file is given", () => {
  checkDiagnostics(
    CODE,
    nix`
{ config, lib, ... }:
{
  services.atticd.environmentFile = lib.mkIf config.my.attic ./attic.env;
                                                             ^^^^^^^^^^^ error secret-key-in-store: attic.env is given to services.atticd.environmentFile as a Nix path (where config.my.attic), which puts …
  services.harmonia.signKeyPaths = lib.mkIf false [ ./key.pem ];
}
`,
  );
});

test("a path that is part of a string is copied for colmena outside a flake too", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{ web.deployment.keys.token.keyFile = "\${./token}"; }
                                      ^^^^^^^^^^^^^ error secret-key-in-store: token is given to deployment.keys.token.keyFile as a Nix path, …
`,
  );
});

test("tokens and keys of Cachix' services", () => {
  checkDiagnostics(
    CODE,
    nix`
{
  services.cachix-agent.credentialsFile = ./agent.token;
                                          ^^^^^^^^^^^^^ error secret-key-in-store: agent.token is given to services.cachix-agent.credentialsFile as a Nix path, …
  services.cachix-watch-store = { cachixTokenFile = "/run/secrets/cachix"; signingKeyFile = ./sign.key; };
                                                                                            ^^^^^^^^^^ error secret-key-in-store: sign.key is given to …
}
`,
  );
});
