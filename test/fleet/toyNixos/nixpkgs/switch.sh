#!/bin/sh
# What real modules do when they are switched to: files into /etc, the account that serves, sshd and the daemon read them anew.
out=@out@
log() { echo "$*" >&2; }
# as NixOS' own activation does, whatever it was started with
umask 022
case "${1:-}" in
  dry-activate) log "would restart the following units: nix-daemon.service, sshd.service"; exit 0 ;;
  switch|test|boot) ;;
  *) log "Usage: $0 [switch|boot|test|dry-activate]"; exit 1 ;;
esac
[ "$1" = boot ] || log "activating the configuration..."
mkdir -p /boot/loader /etc/ssh/authorized_keys.d /etc/ssh/sshd_config.d /var/empty
[ "$1" = test ] || echo "$out" > /boot/loader/default
[ "$1" = boot ] && exit 0
log "setting up /etc..."
cat "$out/etc/nix.conf" > /etc/nix/nix.conf
cat "$out/etc/ssh_known_hosts" > /etc/ssh/ssh_known_hosts
cat "$out/etc/nix-ssh.keys" > /etc/ssh/authorized_keys.d/nix-ssh
if [ "$(cat "$out/etc/serving")" = yes ]; then
  id nix-ssh >/dev/null 2>&1 ||
    useradd --system --no-create-home --home-dir /var/empty --shell /bin/bash --password '*' nix-ssh
  printf 'Match User nix-ssh\n  PermitTTY no\n  ForceCommand /usr/bin/nix-store --serve\nMatch All\n' \
    > /etc/ssh/sshd_config.d/nix-ssh.conf
else
  rm -f /etc/ssh/sshd_config.d/nix-ssh.conf
fi
kill -HUP 1
log "restarting the following units: nix-daemon.service, sshd.service"
pkill -x nix-daemon
rm -f /nix/var/nix/daemon-socket/socket
setsid nix-daemon --daemon >/var/log/nix-daemon.log 2>&1 </dev/null &
ln -sfn "$out" /run/current-system
i=0
until [ -S /nix/var/nix/daemon-socket/socket ]; do i=$((i+1)); [ $i -lt 250 ] || exit 1; sleep 0.02; done
exit 0
