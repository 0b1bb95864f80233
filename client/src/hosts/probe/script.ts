// The one script that asks a host for all facts. POSIX sh, read-only, a fixed text. Its arguments are a random word that
// marks our lines, so that login banners and file contents can't pass for answers, and the caches that the host shall try.
//
// Everything stands in a function, because the shell reads this text from its standard input.
// Answer: lines "MARK key value"; the last one is "MARK end ok". Values never hold a line break.

import type { RemoteScript } from "../../ports/ssh/command";

const TEXT = String.raw`
probe() {
mark=$1
shift
LC_ALL=C; LANG=C; export LC_ALL LANG
PATH=$PATH:/run/current-system/sw/bin:/run/wrappers/bin:/nix/var/nix/profiles/default/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
tell() { printf '%s %s %s\n' "$mark" "$1" "$2"; }
first() { line=; read -r line <"$1"; printf '%s' "$line"; }
has() { command -v "$1" >/dev/null; }

tell hostname "$(uname -n)"
tell clock "$(date +%s)"
tell user "$(id -un)"
tell uid "$(id -u)"
if [ -e /etc/NIXOS ]; then tell system nixos; elif has nix-store || has nix; then tell system other; else tell system none; fi
tell os "$(sed -n 's/^PRETTY_NAME="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' /etc/os-release | head -n 1)"
tell kernel "$(uname -r)"

profiles=/nix/var/nix/profiles
tell current "$(readlink -f /run/current-system)"
tell booted "$(readlink -f /run/booted-system)"
link=$(readlink $profiles/system)
tell profile "$(readlink -f $profiles/system)"
tell profileLink "$link"
numbers=$(ls $profiles | sed -n 's/^system-\([0-9][0-9]*\)-link$/\1/p' | sort -n)
tell count "$(printf '%s\n' "$numbers" | grep -c .)"
for n in $(printf '%s\n' "$numbers" | tail -n 100); do
  l=$profiles/system-$n-link
  tell generation "$n|$(stat -c %Y $l)|$(readlink $l)|$(first $l/nixos-version)|$(readlink $l/kernel)"
  for s in $l/specialisation/*; do [ -e "$s" ] && tell specialisation "$n|$(basename "$s")"; done
done
[ -r /run/current-system/nixos-version ] && tell version "$(first /run/current-system/nixos-version)"
[ -x /run/current-system/sw/bin/nixos-version ] && tell revision "$(/run/current-system/sw/bin/nixos-version --configuration-revision | head -n 1)"
if [ -e /run/booted-system ] && [ -e $profiles/system ]; then
  reboot=no
  for part in initrd kernel kernel-modules; do
    [ "$(readlink -f /run/booted-system/$part)" = "$(readlink -f $profiles/system/$part)" ] || reboot=yes
  done
  tell reboot $reboot
fi

[ -r /proc/uptime ] && tell uptime "$(first /proc/uptime)"
[ -r /proc/loadavg ] && tell load "$(first /proc/loadavg)"
tell cpus "$(getconf _NPROCESSORS_ONLN)"
[ -r /proc/meminfo ] && sed -n 's/^\(MemTotal\|MemAvailable\|SwapTotal\|SwapFree\): *\([0-9]*\) kB$/\1 \2/p' /proc/meminfo | while read -r k v; do tell "mem$k" "$v"; done
[ -d /nix/store ] && tell store "$(df -Pk /nix/store | sed -n '2p')"
[ -d /boot ] && tell boot "$(df -Pk /boot | sed -n '2p')"
if has systemctl && [ -d /run/systemd/system ]; then
  tell units yes
  systemctl --failed --no-legend --plain --no-pager | head -n 50 | while read -r unit rest; do tell failed "$unit"; done
fi

if has nix-store; then tell nix "$(nix-store --version | head -n 1)"; fi
settings=
if has nix; then
  settings=$(nix --extra-experimental-features nix-command config show || nix --extra-experimental-features nix-command show-config)
fi
[ -n "$settings" ] || settings=$(cat /etc/nix/nix.conf)
printf '%s\n' "$settings" | grep -E '^(substituters|trusted-public-keys|trusted-users|secret-key-files|require-sigs|fallback) =' | while read -r k eq v; do tell "setting:$k" "$v"; done

if [ "$(id -u)" != 0 ]; then if has sudo && sudo -n true; then tell sudo yes; else tell sudo no; fi; fi
for t in ed25519 ecdsa rsa; do [ -r /etc/ssh/ssh_host_"$t"_key.pub ] && { tell hostkey "$(first /etc/ssh/ssh_host_"$t"_key.pub)"; break; }; done
if [ "$(id -u)" = 0 ]; then
  for t in ed25519 ecdsa rsa; do [ -r /root/.ssh/id_"$t".pub ] && { tell rootkey "$(first /root/.ssh/id_"$t".pub)"; break; }; done
fi

reach() {
  case $2 in
    file://*) if [ -r "$(printf '%s' "$2" | sed 's/?.*//; s,^file://,,')/nix-cache-info" ]; then tell cache "$1|yes|"; else tell cache "$1|no|there is no nix-cache-info"; fi
      return ;;
    http://*|https://*) if has curl; then
      url=$(printf '%s' "$2" | sed 's/?.*//; s:/*$::')/nix-cache-info
      if answer=$(curl --silent --show-error --location --globoff --max-time 5 --output /dev/null --write-out '%{http_code} %{time_total}' --url "$url" 2>&1); then tell cache "$1|http|$answer"; else tell cache "$1|no|$(printf '%s\n' "$answer" | head -n 1)"; fi
      return
    fi ;;
  esac
  has nix || { tell cache "$1|no|there is neither curl nor nix to try it with"; return; }
  if answer=$(NIX_SSHOPTS='-o BatchMode=yes -o ConnectTimeout=5' $limit nix --extra-experimental-features nix-command store ping --store "$2" 2>&1); then tell cache "$1|yes|"; else tell cache "$1|no|$(printf '%s\n' "$answer" | grep . | tail -n 1)"; fi
}
limit=
has timeout && limit='timeout 8'
n=0
for cache in "$@"; do reach $n "$cache" & n=$((n+1)); done
wait
tell end ok
}
probe "$@" </dev/null 2>/dev/null
`;

/** The probe, its lines marked by `mark` (a random word of letters and digits); the host tries to reach `caches`. */
export function probeScript(mark: string, caches: readonly string[] = []): RemoteScript {
  return { name: "the probe", text: TEXT, args: [mark, ...caches] };
}

const MOST_CACHES = 10;

/**
 * The URLs among a host's substituters that it can be asked to try: no more than ten, none with a password. Of stores of
 * other kinds, such as S3, Nix can't tell whether they are there without writing to them.
 */
export function cachesToTry(urls: readonly string[]): readonly string[] {
  const fit = urls.filter(
    url => /^(?:https?|ssh|ssh-ng|file):\/\/\S+$/.test(url) && !/:\/\/[^/]*:[^/]*@/.test(url),
  );
  return sameOnce(fit).slice(0, MOST_CACHES);
}

/** Nix itself writes URLs with and without a slash at their end; both are the same cache. */
export function sameOnce(urls: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return urls.filter(url => {
    const key = url.replace(/\/+(?=\?|$)/, "");
    return !seen.has(key) && seen.add(key);
  });
}
