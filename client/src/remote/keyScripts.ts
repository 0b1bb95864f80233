// The texts of the scripts that make, read and remove keys on hosts: POSIX sh in the form of fixedScript.ts. A secret goes
// through files, pipes and built-in commands of the shell, never through an argument.

export const PUBLIC_HALF = String.raw`
payload() { head -n 1 "$1" | cut -d: -f2- | base64 -d 2>/dev/null; }
public_half() {
  [ "$(payload "$1" | wc -c)" -eq 64 ] || return 1
  printf '%s:%s' "$(head -n 1 "$1" | cut -d: -f1)" "$(payload "$1" | tail -c 32 | base64 | tr -d '\n')"
}
`;

export const WHO_SIGNS = String.raw`
# the files in secret-key-files, with which what is built is signed
building() { has nix && (nix_ config show 2>/dev/null || nix_ show-config 2>/dev/null) | sed -n 's/^secret-key-files = //p'; }
# what systemd hands to the services from a file that only root reads
served() {
  sed -n -e 's/^LoadCredential=NIX_SECRET_KEY_FILE://p' -e 's/^LoadCredential=sign-key[^:]*://p' \
    "/etc/systemd/system/$1.service" 2>/dev/null
}
`;

export const MAKE_KEY = `
file=$1
case $3 in
  keep) others="$(building) $(served nix-serve) $(served harmonia)" ;;
  keepServed) others="$(served nix-serve) $(served harmonia) $(building)" ;;
  *) others= ;;
esac
if [ ! -e "$file" ]; then
  for other in $others; do
    if [ -r "$other" ]; then file=$other; break; fi
  done
fi
tell file "$file"
case $file in /nix/store/*|[!/]*) tell refused place; return ;; esac
folder=$(dirname "$file"); at=$folder
while :; do
  if [ -e "$at/.git" ]; then tell refused git; return; fi
  [ "$at" = / ] && break
  at=$(dirname "$at")
done
if [ -e "$file" ]; then
  if [ "$3" = new ]; then tell refused exists; return; fi
  if public=$(public_half "$file"); then tell kept yes; tell public "$public"; tell mode "$(stat -c %a "$file")"
  else tell refused malformed; fi
  return
fi
if ! has nix-store; then tell refused no-nix; return; fi
umask 077
mkdir -p "$folder" && new=$(mktemp -d "$folder/.new.XXXXXX") || { tell refused failed; return; }
if nix-store --generate-binary-cache-key "$2" "$new/secret" "$new/public" >/dev/null 2>&1 && chmod 600 "$new/secret"; then
  # a hard link is made only where nothing stands yet
  if ln "$new/secret" "$file" 2>/dev/null; then tell made yes; tell public "$(public_half "$file")"; tell mode 600
  else tell refused exists; fi
else tell refused failed; fi
rm -rf "$new"
`;

export const REMOVE_KEY = `
if [ ! -e "$1" ]; then tell kept absent; return; fi
if [ "$(public_half "$1")" != "$2" ]; then tell kept other; return; fi
for used in $(building) $(served nix-serve) $(served harmonia); do
  if [ "$used" = "$1" ]; then tell kept used; return; fi
done
rm -f -- "$1" && tell removed yes
`;

const ROOT_HOME = `
home=$(getent passwd root 2>/dev/null | cut -d: -f6); home=$(printf %s "$home"); [ -n "$home" ] || home=/root
`;

export const ROOT_KEY = `${ROOT_HOME}
for kind in ed25519 ecdsa rsa; do
  file=$home/.ssh/id_$kind
  [ -r "$file" ] || continue
  tell file "$file"
  # the daemon has nobody to ask for a passphrase
  if public=$(ssh-keygen -y -P '' -f "$file" 2>/dev/null); then tell kept yes; tell rootkey "$public"
  else tell refused passphrase; fi
  return
done
if ! has ssh-keygen; then tell refused no-ssh; return; fi
umask 077
mkdir -p "$home/.ssh"
file=$home/.ssh/id_ed25519
if ssh-keygen -q -t ed25519 -N '' -C "root@$(uname -n)" -f "$file" >/dev/null 2>&1; then
  tell file "$file"; tell made yes; tell rootkey "$(head -n 1 "$file.pub")"
else tell refused failed; fi
`;

export const REMOVE_SSH_KEY = `
if [ ! -e "$1" ]; then tell kept absent; return; fi
case "$(ssh-keygen -y -P '' -f "$1" 2>/dev/null) " in
  "$2 "*) rm -f -- "$1" "$1.pub" && tell removed yes ;;
  *) tell kept other ;;
esac
`;

export const HOST_KEY = `
for kind in ed25519 ecdsa rsa; do
  for file in "/etc/ssh/ssh_host_$kind""_key.pub"; do [ -r "$file" ] && tell hostkey "$(head -n 1 "$file")"; done
done
`;

export const KEY_SETTINGS = String.raw`
settings=
if has nix; then settings=$(nix_ config show 2>/dev/null || nix_ show-config 2>/dev/null); fi
[ -n "$settings" ] || settings=$(cat /etc/nix/nix.conf 2>/dev/null)
words() { printf '%s\n' "$settings" | sed -n "s/^$1 = //p" | tail -n 1; }
for word in $(words trusted-public-keys); do tell trusted "$word"; done
for file in $(words secret-key-files); do
  tell signing "$file"
  if public=$(public_half "$file" 2>/dev/null); then tell holds "$file $public"; fi
done
for unit in nix-serve harmonia; do
  [ -e "/etc/systemd/system/$unit.service" ] || continue
  tell service "$unit"
  for file in $(served "$unit"); do
    if public=$(public_half "$file" 2>/dev/null); then tell serves "$unit $file $public"; fi
  done
done
`;

export const SIGN = String.raw`
system=$(readlink -f /run/current-system)
if [ -z "$system" ] || [ ! -e "$system" ]; then tell code none; return; fi
errors=$(limited 300 nix --extra-experimental-features nix-command store sign -r -k "$1" "$system" 2>&1)
code=$?
if [ "$code" = 0 ] && [ -n "$2" ]; then
  errors=$(nix_ path-info --all --sigs 2>/dev/null | tr '\t' ' ' | grep -F " $2:" | cut -d ' ' -f 1 |
    limited 300 xargs -r -n 500 nix --extra-experimental-features nix-command store sign -k "$1" 2>&1)
  code=$?
fi
tell code "$code"
tell err "$(printf '%s\n' "$errors" | tail -n 1)"
`;
