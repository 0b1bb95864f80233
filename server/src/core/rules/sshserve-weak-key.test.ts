// sshserve-weak-key.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "sshserve-weak-key";

test("an RSA key of 1024 bits", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.sshServe.keys = [ "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQCxuHHBHrR6XHwdAaYKueUxH2M6FHrCOlBh3FNpFcFZ9YRqP7AyGmxHMXKtRwN+aY1jFGydc0lILtQ2zYkHQrvqPPH6/GtJzDDWUMDEQmAw096Fov02KZN3w+JfWcV6rQ7txAKDowhUdgv7WW/e/nG6W+nNZVYyxi7sV+AMkwAERw== old@prod" ]; }
                         ^^^^^^^ warning sshserve-weak-key: an RSA key of 1024 bits can be broken: use an ssh-ed25519 key
`,
  );
});

test("a modern key, and one that is malformed", () => {
  checkClean(
    CODE,
    nix`{ nix.sshServe.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55" "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB" ]; }`,
  );
});
