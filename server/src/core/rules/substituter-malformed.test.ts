// substituter-malformed and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "substituter-malformed";

test("each way of missing a store URL", () => {
  checkDiagnostics(
    CODE,
    nix`
{
  nix.settings.substituters = [
    "cache.nixos.org"
     ^^^^^^^^^^^^^^^ error substituter-malformed (fix): "cache.nixos.org" has no scheme such as https://: Nix before 2.34 skips this cache, from 2.34 on every nix command on the host fails
    "https//cache.nixos.org"
     ^^^^^^^ error substituter-malformed (fix): "https//cache.nixos.org" lacks the colon after https: Nix takes it for a local directory and never asks the cache
    "ssh://nix-ssh@stage.example.org/"
                                    ^ error substituter-malformed (fix): an SSH store has no path, but "ssh://nix-ssh@stage.example.org/" ends in "/": …
    "github:owner/repo"
     ^^^^^^^^^^^^^^^^^ error substituter-malformed: "github:owner/repo" is a flake reference, not a store: …
    "https://cache.example.org:99999"
                               ^^^^^ error substituter-malformed: "99999" is no port: …
  ];
}
`,
  );
});

test("quotes and commas in nix.conf", () => {
  checkDiagnostics(
    CODE,
    nix`
#- nix.conf
substituters = "https://a.example.org" https://b.example.org, https://c.example.org
               ^^^^^^^^^^^^^^^^^^^^^^^ error substituter-malformed (fix): …
                                       ^^^^^^^^^^^^^^^^^^^^^^ error substituter-malformed (fix): …
`,
  );
});

test("good stores of all kinds", () => {
  checkClean(
    CODE,
    nix`
{ host, ... }:
{
  nix.settings.substituters = [
    "https://cache.nixos.org/" "ssh-ng://nix-ssh@stage.example.org?priority=50" "s3://bucket?region=eu-west-1"
    "file:///srv/cache" "https://\${host}/" "http://10.0.0.1:5000"
  ];
}
`,
  );
});

test("the scheme is put in front", () => {
  checkFix(
    CODE,
    nix`{ nix.settings.substituters = [ "cache.$0nixos.org" ]; }`,
    nix`{ nix.settings.substituters = [ "https://cache.nixos.org" ]; }`,
  );
});

test("a comma in nix.conf goes away", () => {
  checkFix(
    CODE,
    nix`
#- nix.conf
substituters = https://b.$0example.org, https://c.example.org
`,
    nix`
#- nix.conf
substituters = https://b.example.org https://c.example.org
`,
  );
});

test("a fix inside an indented string of nix.extraOptions", () => {
  checkFix(
    CODE,
    nix`
{
  nix.extraOptions = ''
    keep-outputs = true
    extra-substituters = ssh://nix-ssh@stage.example.org$0/
  '';
}
`,
    nix`
{
  nix.extraOptions = ''
    keep-outputs = true
    extra-substituters = ssh://nix-ssh@stage.example.org
  '';
}
`,
  );
});

test("a flake reference has no fix", () => {
  checkNoFix(CODE, nix`{ nix.settings.substituters = [ "github:$0owner/repo" ]; }`);
});

test("each URL of a string with several is judged", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.settings.substituters = [ "https://a.example.org https//b.example.org" ]; }
                                                       ^^^^^^^ error substituter-malformed (fix): "https//b.example.org" lacks the colon after https: …
`,
  );
});

test("an entry over several lines breaks the line of nix.conf and becomes several", () => {
  checkFix(
    CODE,
    nix`
{ nix.settings.substituters = [ ''
  https://a.example.org$0
  https://b.example.org
'' ]; }
`,
    nix`
{ nix.settings.substituters = [ "https://a.example.org" "https://b.example.org" ]; }
`,
  );
});

test("a bracket of its own is taken out", () => {
  checkFix(
    CODE,
    nix`
#- nix.conf
substituters = [$0 https://cache.nixos.org ]
`,
    nix`
#- nix.conf
substituters = https://cache.nixos.org ]
`,
  );
});

test("a backslash before a continued line is what nix-conf-syntax reports", () => {
  checkClean(
    CODE,
    nix`
#- nix.conf
substituters = https://cache.nixos.org \
  https://a.example.org
`,
  );
});

test("quotes that are part of the text are taken out with their escapes", () => {
  checkFix(
    CODE,
    nix`{ nix.settings.substituters = [ "\"https://cache.$0example.org\"" "https://other.example.org" ]; }`,
    nix`{ nix.settings.substituters = [ "https://cache.example.org" "https://other.example.org" ]; }`,
  );
});

test("no fix across the end of an interpolation", () => {
  checkNoFix(CODE, nix`{ nix.settings.substituters = [ "\${"https"}/$0/cache.example.org" ]; }`);
});
