#!/bin/bash
# Real NixOS-like hosts on one Linux machine: each has a network, mount, pid, uts and ipc namespace of its own, a Debian
# root file system under an overlay, its own /nix, sshd as PID 1 and a nix-daemon. Root only; Debian's Nix, no container engine.
#   fleet.sh base trixie|bookworm       make a root file system once (Nix 2.26 or 2.8)
#   fleet.sh run CMD ...                CMD, and every host it starts, in namespaces that vanish with it
# and, only below `run`:
#   fleet.sh up NAME[:BASE] ...         start hosts; BASE = trixie (default), bookworm, or / (this machine's own files)
#   fleet.sh down                       stop all hosts and forget their disks
#   fleet.sh off|boot NAME              power off, power on; the disk stays (NIX_SIZE=24m boot: a small, empty /nix)
#   fleet.sh link NAME up|down          the network cable
#   fleet.sh slow NAME RATE | fast NAME bandwidth towards the host
#   fleet.sh exec NAME CMD ...          as root in the host, without ssh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bases=${FLEET_BASES:-$here/../../.cache/fleet}
state=/run/nix-deploy-fleet            # below `run` a tmpfs of that run alone; outside it stays an empty folder
net=10.77.0                            # .1 is the deploying side, hosts from .11

die() { echo "fleet: $*" >&2; exit 1; }

make_base() { # SUITE
  local suite=$1 target=$bases/$1 mirror
  mkdir -p "$bases"
  exec 8>"$bases/lock"; flock 8        # two runs at once make it once
  [ -x "$target/usr/bin/nix" ] && return 0
  rm -rf --one-file-system "$target".new.*
  # the mirror that apt on this machine already uses
  mirror=${FLEET_MIRROR:-$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk '$1 == "bookworm" || $1 == "trixie" { print $2; exit }')}
  mmdebstrap --quiet --mode=root --variant=minbase --include=nix-bin,openssh-server,iproute2,procps,sudo \
    "$suite" "$target.new.$$" "${mirror:-http://deb.debian.org/debian}"
  rm -f "$target.new.$$"/etc/ssh/ssh_host_*   # every host gets its own
  mv -T "$target.new.$$" "$target"
}

# The deploying side: its own /nix, ~/.ssh, /etc/hosts and Nix settings, all in memory.
enter() {
  local home
  ip link set lo up
  mkdir -p /run/netns; mount -t tmpfs netns /run/netns
  mount -t tmpfs -o mode=755 fleet "$state"
  mkdir -p "$state"/{hosts,dev/nix,dev/cache}
  case $(readlink -f "$(command -v nix)") in
    /nix/*) ;;                          # Nix itself lives there: keep the machine's store
    *) mkdir -p /nix; mount -t tmpfs -o mode=755 nix /nix ;;
  esac
  home=$(getent passwd "$(id -u)" | cut -d: -f6)
  mkdir -p -m 700 "$home/.ssh"; mount -t tmpfs -o mode=700 ssh "$home/.ssh"
  ssh-keygen -q -t ed25519 -N '' -C deploy@dev -f "$home/.ssh/id_ed25519"
  ln -s "$home/.ssh" "$state/dev/ssh"
  : > "$state/etc-hosts"; mount --bind "$state/etc-hosts" /etc/hosts
  ip link add fleet0 type bridge
  ip addr add "$net.1/24" dev fleet0
  ip link set fleet0 up
  write_tables
  cat > "$state/dev/nix/nix.conf" <<EOC
experimental-features = nix-command flakes
sandbox = false
build-users-group =
substituters =
max-jobs = 2
EOC
  export NIX_CONF_DIR=$state/dev/nix XDG_CACHE_HOME=$state/dev/cache HOME=$home FLEET_STATE=$state
  unset NIX_REMOTE NIX_PATH NIX_CONFIG NIX_USER_CONF_FILES SSH_AUTH_SOCK SSH_AGENT_PID
}

host_files() { # NAME NUMBER BASE: what differs from the base
  local h=$1 d=$state/hosts/$1 u=$state/hosts/$1/upper
  mkdir -p "$d"/{work,root,nix} "$u"/{etc/ssh/sshd_config.d,etc/nix,root/.ssh,usr/sbin,var/log}
  echo "$2" > "$d/number"; echo "$3" > "$d/base"
  chmod 700 "$u/root" "$u/root/.ssh"
  [ "$3" != / ] || hide_own "$u"
  ssh-keygen -q -t ed25519 -N '' -C "root@$h" -f "$u/etc/ssh/ssh_host_ed25519_key"
  ssh-keygen -q -t ed25519 -N '' -C "root@$h" -f "$u/root/.ssh/id_ed25519"
  cp "$state/dev/ssh/id_ed25519.pub" "$u/root/.ssh/authorized_keys"
  echo "$h" > "$u/etc/hostname"
  : > "$u/etc/NIXOS"
  cat > "$u/etc/nix/nix.conf" <<EOC
experimental-features = nix-command flakes
sandbox = false
build-users-group =
substituters =
gc-reserved-space = 0
EOC
  # keep-alive: a lost connection must not keep its lock on half-copied paths for minutes
  cat > "$u/etc/ssh/sshd_config" <<EOC
HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PrintMotd no
PidFile none
MaxStartups 200:30:400
ClientAliveInterval 5
ClientAliveCountMax 2
AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/authorized_keys.d/%u
Include /etc/ssh/sshd_config.d/*.conf
EOC
  cp "$here/init.sh" "$u/usr/sbin/fleet-init"
  printf '#!/bin/sh\nkill -TERM 1\n' > "$u/usr/sbin/reboot"
  chmod 755 "$u/usr/sbin/fleet-init" "$u/usr/sbin/reboot"
}

hide_own() { # with base / the machine's own home, Nix and sshd settings must not shine through
  python3 -c 'import os, sys
for p in sys.argv[1:]: os.setxattr(p, "trusted.overlay.opaque", b"y")' "$1/root" "$1/etc/nix" "$1/etc/ssh/sshd_config.d"
}

write_tables() { # /etc/hosts of everybody; config and known_hosts of the deploying side
  local d h a
  { echo "127.0.0.1 localhost"; echo "$net.1 dev dev.test"
    for d in "$state"/hosts/*/; do [ -d "$d" ] || continue
      h=$(basename "$d"); echo "$net.$(cat "$d/number") $h $h.test"; done; } > "$state/etc-hosts"
  : > "$state/dev/ssh/known_hosts"
  for d in "$state"/hosts/*/; do [ -d "$d" ] || continue
    h=$(basename "$d"); a=$net.$(cat "$d/number")
    cp "$state/etc-hosts" "$d/upper/etc/hosts"
    echo "$h,$h.test,$a $(cut -d' ' -f1,2 "$d/upper/etc/ssh/ssh_host_ed25519_key.pub")" >> "$state/dev/ssh/known_hosts"
  done
  cat > "$state/dev/ssh/config" <<EOC
Host *
  User root
  StrictHostKeyChecking yes
  BatchMode yes
  ConnectTimeout 5
  ServerAliveInterval 5
  ServerAliveCountMax 2
EOC
}

# Runs in the new namespaces, becomes the host's PID 1.
host_root() { # DIR BASE
  cd "$1"
  mount -t overlay overlay -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" root
  cd root
  if [ "$2" = / ]; then  # hide every folder that is no part of Debian itself
    for x in *; do case $x in
      bin|sbin|lib*|usr|etc|var|root|proc|sys|dev|run|tmp|nix|boot) ;;
      *) [ -d "$x" ] && [ ! -L "$x" ] && mount -t tmpfs -o size=1m,mode=755 mask "$x" ;;
    esac; done
    mount -t tmpfs -o mode=755 mask boot
  fi
  mkdir -p nix old boot
  if [ -n "${NIX_SIZE:-}" ]; then mount -t tmpfs -o "size=$NIX_SIZE,mode=755" nix nix; else mount --bind "$1/nix" nix; fi
  mount -t proc proc proc
  mount -t sysfs -o ro sysfs sys
  mount -t tmpfs -o mode=755,size=1m dev dev
  for x in null zero full random urandom tty; do : > "dev/$x"; mount --bind "/dev/$x" "dev/$x"; done
  mkdir dev/pts dev/shm
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
  ln -s pts/ptmx dev/ptmx; ln -s /proc/self/fd dev/fd
  mount -t tmpfs -o mode=755,size=64m run run; mkdir run/sshd
  mount -t tmpfs -o mode=1777,size=512m tmp tmp
  pivot_root . old
  umount -l /old; rmdir /old 2>/dev/null || true
  exec /usr/sbin/fleet-init
}

host_up() { # NAME
  local h=$1 d=$state/hosts/$1 n base up children i=0
  n=$(cat "$d/number"); base=$(cat "$d/base")
  ip netns add "$h"
  # the same MAC address at every boot, or the neighbours go on writing to the old one
  ip link add "host$n" type veth peer name eth0 address "$(printf '02:00:00:00:00:%02x' "$n")" netns "$h"
  ip link set "host$n" master fleet0 up
  ip -n "$h" link set lo up
  ip -n "$h" addr add "$net.$n/24" dev eth0
  ip -n "$h" link set eth0 up
  rm -rf --one-file-system "$d/work"; mkdir "$d/work"
  nsenter --net="/run/netns/$h" \
    unshare --mount --uts --ipc --pid --fork --kill-child=KILL --propagation private \
    bash "$here/fleet.sh" host-root "$d" "$base" </dev/null >"$d/console.log" 2>&1 8>&- &
  up=$!                                 # nsenter and unshare exec: its only child is the host's PID 1
  # that file has no newline at its end, so `read` would call it empty
  until children=$(cat "/proc/$up/task/$up/children" 2>/dev/null) && [ -n "$children" ]; do
    i=$((i + 1)); [ $i -le 300 ] || { cat "$d/console.log" >&2; die "$h did not start"; }; sleep 0.01
  done
  echo "${children%% *}" > "$d/pid"
}

host_wait() { # NAME: until sshd says hello
  local h=$1 a line i=0; a=$net.$(cat "$state/hosts/$1/number")
  ip neigh flush to "$a" 2>/dev/null || true   # "no answer" may be remembered from the time it was off
  until line=$(timeout 2 bash -c "exec 3<>/dev/tcp/$a/22 && head -c 4 <&3" 2>/dev/null) && [ "$line" = SSH- ]; do
    i=$((i + 1)); [ $i -le 300 ] || { cat "$state/hosts/$h/console.log" >&2; die "$h: no sshd"; }; sleep 0.02
  done
}

host_off() { # NAME: the cable first, as in a power cut no FIN reaches the other side
  local h=$1 d=$state/hosts/$1 pids i link
  link=host$(cat "$d/number")
  ip link set "$link" down 2>/dev/null || true
  for i in 1 2 3 4 5; do               # unshare ignores TERM and INT
    pids=$(ip netns pids "$h" 2>/dev/null) && [ -n "$pids" ] || break
    kill -KILL $pids 2>/dev/null || true; sleep 0.02
  done
  ip netns del "$h" 2>/dev/null || true
  ip link del "$link" 2>/dev/null || true
  rm -f "$d/pid"
}

command=${1:-help}; [ $# -gt 0 ] && shift
case $command in
  base|run|help) ;;
  enter)                                # stays PID 1, or nobody would reap what hosts leave behind
    enter
    code=0; "$@" </dev/null || code=$?
    exit $code ;;
  host-root) host_root "$@" ;;
  *) [ -d "$state/hosts" ] || die "$command works only below \`fleet.sh run\`" ;;
esac
case $command in
  base) for suite in "$@"; do make_base "$suite"; done ;;
  run)
    [ "$(id -u)" = 0 ] || die "needs root"
    mkdir -p "$state"
    # killed with whoever started it, however that ends: unshare itself ignores polite signals
    exec setpriv --pdeathsig KILL unshare --net --mount --pid --ipc --fork --kill-child=KILL --mount-proc --propagation private \
      bash "$here/fleet.sh" enter "$@" ;;
  up)
    n=11; for d in "$state"/hosts/*/; do [ ! -d "$d" ] || n=$((n + 1)); done
    for spec in "$@"; do
      h=${spec%%:*}; base=${spec#*:}; [ "$base" != "$spec" ] || base=trixie
      [ ! -d "$state/hosts/$h" ] || die "$h is there already"
      [ "${FLEET_BASE:-}" != / ] || base=/
      if [ "$base" != / ]; then base=$(readlink -m "$bases")/$base; fi
      [ -x "${base%/}/usr/bin/nix" ] || die "no base $base: run \`fleet.sh base\`"
      case $base in *[:,]*) die "overlayfs can't use $base: a colon or comma in the path" ;; esac
      host_files "$h" $n "$base"; n=$((n + 1))
    done
    write_tables
    for spec in "$@"; do host_up "${spec%%:*}"; done
    for spec in "$@"; do host_wait "${spec%%:*}"; done ;;
  down)
    for d in "$state"/hosts/*/; do [ -d "$d" ] || continue; host_off "$(basename "$d")"; done
    for i in 1 2 3 4 5 6 7 8 9 10; do rm -rf --one-file-system "$state"/hosts/* 2>/dev/null && break; sleep 0.1; done
    write_tables ;;
  off) host_off "$1" ;;
  boot) host_off "$1"; host_up "$1"; host_wait "$1" ;;
  link) ip link set "host$(cat "$state/hosts/$1/number")" "$2" ;;
  slow) tc qdisc replace dev "host$(cat "$state/hosts/$1/number")" root tbf rate "$2" burst 256kb latency 200ms ;;
  fast) tc qdisc del dev "host$(cat "$state/hosts/$1/number")" root ;;
  exec)
    h=$1; shift
    exec nsenter -t "$(cat "$state/hosts/$h/pid")" -m -u -i -n -p \
      env -i HOME=/root TERM="${TERM:-dumb}" PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@" ;;
  *) sed -n '2,13p' "$0"; exit 2 ;;
esac
