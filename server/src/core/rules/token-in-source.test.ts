// token-in-source.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "token-in-source";

test("a netrc password and a token of a cache service", () => {
  checkDiagnostics(
    CODE,
    nix`
{
  environment.etc.netrc.text = "machine cache.example.org login ci password hunter2hunter2";
                                                                            ^^^^^^^^^^^^^^ error token-in-source: the netrc password for cache.example.org stands in the source, …
  services.cachix.token = "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJjMSIsInNjb3BlcyI6ImNhY2hlIn0.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error token-in-source: a Cachix token stands in the source, …
}
`,
  );
});

test("a private key with its body", () => {
  checkDiagnostics(
    CODE,
    nix`
{ environment.etc.key.text = ''
    -----BEGIN OPENSSH PRIVATE KEY-----
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error token-in-source: a private key stands in the source, …
    b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
    QyNTUxOQAAACAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==
    -----END OPENSSH PRIVATE KEY-----
  ''; }
`,
  );
});

test("placeholders, words in scripts, and passwords that are not known", () => {
  checkClean(
    CODE,
    nix`
{ config, ... }:
{
  a = "machine cache.example.org login ci password \${config.password}";
  b = "machine cache.example.org login ci password $NETRC_PASSWORD";
  b2 = "machine cache.example.org login ci password YOUR_PASSWORD";
  b3 = "machine cache.example.org login ci password changeme";
  c = "grep -q -- '-----BEGIN OPENSSH PRIVATE KEY-----' file";
  d = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
}
`,
  );
});

test("a template that is filled in on the host", () => {
  checkClean(
    CODE,
    nix`
{ environment.etc.netrc.text = ''
  machine github.com
  login git
  password {{with secret "kv/github"}}{{.Data.token}}{{end}}
  machine cache.example.org
  password @cache-token@
''; }
`,
  );
});

test("a password that a program of the text puts in", () => {
  checkClean(
    CODE,
    nix`
{
  script = ''
    printf 'machine cache.example.org login %s password %s\n' "$key" "$secret" > "$netrc"
    sed "s/__TOKEN__/$token/" <<< "machine cache.example.org password __TOKEN__" > "$netrc"
  '';
  python = "netrc.write(f'machine cache.example.org login ci password {token}\\n')";
}
`,
  );
});

test("what a test of NixOS makes up", () => {
  checkClean(
    CODE,
    nix`
{
  nodes.cache.environment.etc."nix/netrc".text = "machine cache.example.org login ci password hunter2hunter2";
  testScript = "start_all()";
}
`,
  );
});
