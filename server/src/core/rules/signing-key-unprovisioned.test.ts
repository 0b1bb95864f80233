// signing-key-unprovisioned: signing keys that nothing provides.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "signing-key-unprovisioned";

test("a file that nothing provides, and one that the host says it lacks", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a.nix.settings.secret-key-files = [ "/etc/nix/a-1.secret" ];
                                       ^^^^^^^^^^^^^^^^^^^ information signing-key-unprovisioned (review): host "a" signs with /etc/nix/a-1.secret, which nothing in this configuration provides: until the file is made there, every build on it fails at its end
  b.nix.extraOptions = "secret-key-files = /run/keys/b-1.secret";
                                           ^^^^^^^^^^^^^^^^^^^^ information signing-key-unprovisioned (review): host "b" signs with /run/keys/b-1.secret, which is not there: until the file is made there, every build on it fails at its end
}
#- observed.json
[{ "host": "b", "tier": "observed", "files": { "/run/keys/b-1.secret": false } }]
`,
  );
});

test("files that a tool, the configuration or the host itself vouches for", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a.nix.settings.secret-key-files = [ "/run/agenix/a" ];
  b = { config, ... }: { nix.settings.secret-key-files = config.sops.secrets.key.path; };
  c = { nix.settings.secret-key-files = [ "/etc/nix/c-1.secret" ]; deployment.keys."c-1.secret".destDir = "/etc/nix"; };
  d.nix.settings.secret-key-files = [ "/etc/nix/d-1.secret" ];
}
#- observed.json
[{ "host": "d", "tier": "observed", "files": { "/etc/nix/d-1.secret": true } }]
`,
  );
});

test("words that only hold the file's name do not vouch for it", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a.nix.settings.secret-key-files = [ "/etc/nix/key" ];
                                       ^^^^^^^^^^^^ information signing-key-unprovisioned (review): host "a" signs with /etc/nix/key, …
  b.nix.settings.fallback = true; # no key-file here
}
`,
  );
});

test("a module without options that we know makes the file", () => {
  checkClean(
    CODE,
    nix`
#- configuration.nix
{
  imports = [ ./key.nix ];
  nix.settings.secret-key-files = [ "/persist/cache/stage.sec" ];
}
#- key.nix
{ systemd.services.cache-key.script = "make-key > /persist/cache/stage.sec"; }
`,
  );
});

test("a variable names the file, for the setting and for what makes it", () => {
  checkClean(
    CODE,
    nix`
#- configuration.nix
{ pkgs, ... }:
let
  signingKey = "/var/lib/signing/stage.sec";
in
{
  nix.settings.secret-key-files = [ signingKey ];
  systemd.services.key.script = "\${pkgs.nix}/bin/nix-store --generate-binary-cache-key stage-1 \${signingKey} /dev/null";
}
`,
  );
});

test("a variable that only the setting uses", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
let key = "/var/lib/signing/a.sec"; in
           ^^^^^^^^^^^^^^^^^^^^^^ information signing-key-unprovisioned (review): host "a" signs with /var/lib/signing/a.sec, which nothing in this configuration provides: until the file is made there, every build on it fails at its end
{ a.nix.settings.secret-key-files = [ key ]; }
`,
  );
});
