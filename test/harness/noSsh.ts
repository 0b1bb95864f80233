// An SSH port for tests of what never connects: every host is out of reach.

import { failed } from "../../client/src/ports/ssh/outcome";
import type { SshPort } from "../../client/src/ports/ssh/sshPort";

export const noSsh: SshPort = {
  run: async target => failed("unreachable", `${target.host} is out of reach in this test`),
  resolve: () => Promise.reject(new Error("no SSH configuration in this test")),
  acceptHostKey: () => Promise.reject(new Error("no known_hosts in this test")),
};
