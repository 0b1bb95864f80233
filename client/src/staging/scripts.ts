// What hosts of a staging cache are asked: whether the configuration has arrived, and the proof that it works.

import type { HostSnapshot } from "../../../server/src/protocol";
import type { FixedScript } from "../remote/fixedScript";
import { cacheUrl, overSsh, type StagingFacts } from "./facts";
import { whatIsThere } from "./operations";

/** Tells `missing` for each part that the running server does not have yet. A server for HTTP may take `seconds` to start. */
export function serverStateScript(facts: StagingFacts, seconds: number): FixedScript {
  const name = "the look at the server";
  if (overSsh(facts.transport))
    return { name, body: SETTINGS + SSH_STATE, args: [facts.keyFile, ...Object.values(facts.clientKeys)] };
  const keyName = facts.publicKey?.split(":")[0] ?? "";
  const address = `http://127.0.0.1:${facts.port}`;
  return { name, body: HTTP_STATE, args: [facts.keyFile, address, keyName, String(seconds)] };
}

/**
 * Tells `missing` for each part that the running client does not have yet, and whether it `asks` the cache. `host` is its
 * configuration, whose spellings count.
 */
export function clientStateScript(facts: StagingFacts, host: HostSnapshot | undefined): FixedScript {
  const { url = cacheUrl(facts), key = facts.publicKey ?? "" } = whatIsThere(facts, host);
  return {
    name: "the look at the client",
    body: SETTINGS + CLIENT_STATE,
    args: [url.replace(/\/*(?:\?.*)?$/, ""), key, overSsh(facts.transport) ? facts.address : ""],
  };
}

/** Builds a path that exists nowhere else, so that it is signed as everything that is built there. Tells `path` or `err`. */
export function proofOnServerScript(nonce: string): FixedScript {
  return { name: "the building of a path for the proof", body: BUILD_PROOF, args: [nonce] };
}

/** Fetches the path as root, with nothing but the host's own configuration. Tells `fetched`, or `code` and `err`. */
export function proofOnClientScript(path: string, nonce: string): FixedScript {
  return { name: "the fetching of the path for the proof", body: FETCH_PROOF, args: [path, nonce] };
}

const SETTINGS = String.raw`
settings=
if has nix; then settings=$(nix_ config show 2>/dev/null || nix_ show-config 2>/dev/null); fi
[ -n "$settings" ] || settings=$(cat /etc/nix/nix.conf 2>/dev/null)
# whether a list setting has a word
listed() {
  for word in $(printf '%s\n' "$settings" | sed -n "s/^$1 = //p" | tail -n 1); do
    case $word in "$2"|"$2/"|"$2?"*|"$2/?"*) return 0 ;; esac
  done
  return 1
}
`;

const SSH_STATE = `
file=$1; shift
[ -e "$file" ] || tell missing "the signing key file $file"
listed secret-key-files "$file" || tell missing "secret-key-files"
id nix-ssh >/dev/null 2>&1 || tell missing "the user nix-ssh (nix.sshServe.enable)"
for key in "$@"; do
  grep -qF -- "$key" /etc/ssh/authorized_keys.d/nix-ssh 2>/dev/null || tell missing "a client's key (nix.sshServe.keys)"
done
`;

const HTTP_STATE = `
file=$1 address=$2 name=$3 seconds=$4
[ -e "$file" ] || tell missing "the signing key file $file"
# NixOS always has it
if ! has curl; then tell missing "curl, to see whether its server answers"; return; fi
get() { curl -q -sf --connect-timeout 2 --max-time 5 "$address/$1"; }
tries=0
until get nix-cache-info >/dev/null; do
  if [ "$tries" -ge "$seconds" ]; then tell missing "an answer at $address"; return; fi
  tries=$((tries + 1)); sleep 1
done
# one that answers may have been there before, without the key
system=$(readlink -f /run/current-system); system=$(basename "$system")
case $system in
  *-*) get "$(printf %s "$system" | cut -c 1-32).narinfo" | grep -qF "Sig: $name:" || tell missing "signatures by $name" ;;
esac
`;

const CLIENT_STATE = `
if listed substituters "$1"; then tell asks yes; else tell missing "the cache in substituters"; fi
[ -z "$2" ] || listed trusted-public-keys "$2" || tell missing "the key in trusted-public-keys"
if [ -n "$3" ]; then
  known=no
  for file in /etc/ssh/ssh_known_hosts ~root/.ssh/known_hosts; do
    [ -r "$file" ] && ssh-keygen -F "$3" -f "$file" >/dev/null 2>&1 && known=yes
  done
  [ $known = yes ] || tell missing "the host key of $3 (programs.ssh.knownHosts)"
fi
`;

const BUILD_PROOF = `
errors=$(mktemp)
path=$(limited 120 nix-build --no-out-link --option builders '' --argstr nonce "$1" -E '{ nonce }: derivation {
  name = "nix-deploy-proof"; system = builtins.currentSystem; builder = "/bin/sh";
  args = [ "-c" "echo $nonce > $out" ]; inherit nonce; }' 2>"$errors") && tell path "$path"
report err "$errors"
rm -f "$errors"
`;

const FETCH_PROOF = `
if [ -e "$1" ]; then tell code there; return; fi
errors=$(mktemp)
NIX_SSHOPTS="-o BatchMode=yes -o ConnectTimeout=10 $NIX_SSHOPTS"; export NIX_SSHOPTS
limited 90 nix-store --realise "$1" >/dev/null 2>"$errors"
tell code $?
[ -e "$1" ] && [ "$(cat "$1")" = "$2" ] && tell fetched yes
report err "$errors"
rm -f "$errors"
`;
