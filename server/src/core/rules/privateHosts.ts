// Names and addresses that lead to machines of one's own: private networks, loopback, overlay networks.

const PRIVATE_V4 =
  /^(0|10|127)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;
/** Loopback, unique local, link local, and the range of Yggdrasil. */
const PRIVATE_V6 = /^(::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:|0?[23][0-9a-f]{2}:)/;
const PRIVATE_NAME =
  /(^|\.)(localhost|local|localdomain|lan|internal|intranet|home|home\.arpa|corp|private|test|ts\.net|onion|i2p|ygg|dn42|vpn|wg|zt|nebula|mesh)$/;

/** Whether a name or address leads nowhere beyond private networks, loopback and overlays. */
export function isPrivateHost(host: string): boolean {
  const address = host.toLowerCase().replace(/^\[|\]$/g, "");
  if (address.includes(":")) return PRIVATE_V6.test(address);
  if (/^[\d.]+$/.test(address)) return PRIVATE_V4.test(address);
  // No public top-level domain has one letter; overlay networks do (`.r`).
  return !address.includes(".") || /\.[a-z]$/.test(address) || PRIVATE_NAME.test(address);
}
