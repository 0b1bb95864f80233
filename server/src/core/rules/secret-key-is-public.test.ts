// secret-key-is-public.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "secret-key-is-public";

test("a public file and a public key", () => {
  checkDiagnostics(
    CODE,
    nix`
#- nix.conf
secret-key-files = /etc/nix/cache-1.pub
                   ^^^^^^^^^^^^^^^^^^^^ error secret-key-is-public: /etc/nix/cache-1.pub is by its name a public key where the file of the secret key belongs: …
#- a.nix
{ services.nix-serve.secretKeyFile = "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="; }
                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error secret-key-is-public: a public key stands where the file of the secret key belongs: …
`,
  );
});

test("secret files", () => {
  checkClean(
    CODE,
    nix`{ config, ... }: { nix.settings.secret-key-files = [ "/etc/nix/cache-1.secret" config.x "/run/\${config.y}.pub" ]; }`,
  );
});

test("a file of the work tree that holds the public half, and the name of the manual", () => {
  checkDiagnostics(
    CODE,
    nix`
#- configuration.nix
{ nix.settings.secret-key-files = [ ./cache.key ]; }
                                    ^^^^^^^^^^^ error secret-key-is-public: cache.key holds a public key and stands where the file of the secret key belongs: …
#- cache.key
a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=
#- nix.conf
secret-key-files = /etc/nix/cache-pub-key.pem /run/public-cache-key /run/publisher/key
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^ error secret-key-is-public: /etc/nix/cache-pub-key.pem is by its name a public key…
`,
  );
});
