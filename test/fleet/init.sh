#!/bin/sh
# PID 1 of a test host: what the boot loader's default says becomes the running system, then nix-daemon and sshd.
hostname "$(cat /etc/hostname)"
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
cd /
if [ -s /boot/loader/default ]; then
  system=$(cat /boot/loader/default)
  ln -sfn "$system" /run/booted-system
  ln -sfn "$system" /run/current-system
fi
nix-daemon --daemon >/var/log/nix-daemon.log 2>&1 </dev/null &
# OpenSSH 9.8 and later locks an address out after failed connections, which tests make on purpose; older ones don't know the option
set --
/usr/sbin/sshd -T -o PerSourcePenalties=no >/dev/null 2>&1 && set -- -o PerSourcePenalties=no
exec /usr/sbin/sshd -D -E /var/log/sshd.log "$@"
