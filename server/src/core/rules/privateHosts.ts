// Names and addresses that lead to machines of one's own: private networks, loopback, overlay networks.

const PRIVATE_V4 =
  /^(0|10|127)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;
/** Loopback, unique local, link local, and the range of Yggdrasil. */
const PRIVATE_V6 = /^(::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:|0?[23][0-9a-f]{2}:)/;
const PRIVATE_NAME = /(^|\.)(home\.arpa|ts\.net)$/;
/**
 * Top-level domains in which caches stand. A name under any other word is one of a network of one's own (`cache.haleakala`);
 * the rare public one that is not listed is taken for such a name too.
 */
const PUBLIC_DOMAINS = new Set(
  `academy agency aero ai app art asia biz blog blue build builders cafe cam camp capital cat center chat city click cloud club codes
coffee com community company computer cool coop date delivery design dev digital direct earth edu email energy engineer engineering
events exchange expert family farm finance flights foo foundation fun fyi gallery games gay global gmbh gov graphics green group guide
guru haus health help host hosting house how icu immo in industries info ink institute int international jobs land lat legal life
limited link live llc lol ltd management maps market media melbourne mil mobi moe monster museum name net network news ngo ninja nrw
observer one ong online onl org page partners party photo photos pics pink pizza place plus press pro productions pub quest radio red
rehab reise reisen rent repair report reviews rip rocks run ruhr school schule science scot security services sexy sh shop show site
social software solar solutions space store stream studio style support surf swiss systems team tech technology tips today tokyo tools
top town trade training university vegas ventures vip vision watch website wiki win work works world wtf xyz zone
amsterdam bayern berlin boston bzh cologne eus frl hamburg koeln london madrid moscow nyc paris quebec saarland sydney tirol vienna
wales wien zuerich`.split(/\s+/),
);

/** Country codes have two letters; those of other alphabets begin with `xn--`. */
function isPublicDomain(name: string): boolean {
  const last = name.slice(name.lastIndexOf(".") + 1);
  return last.length === 2 || last.startsWith("xn--") || PUBLIC_DOMAINS.has(last);
}

/** Whether a name or address leads nowhere beyond private networks, loopback and overlays. */
export function isPrivateHost(host: string): boolean {
  const address = host.toLowerCase().replace(/^\[|\]$/g, "");
  if (address.includes(":")) return PRIVATE_V6.test(address);
  if (/^[\d.]+$/.test(address)) return PRIVATE_V4.test(address);
  return !address.includes(".") || !isPublicDomain(address) || PRIVATE_NAME.test(address);
}
