// Who called, from where and with what, in words.

const joined = (parts, between) => parts.filter(Boolean).join(between);

/** "Safari 17.2 on iOS 17.1 (Mobile)"; empty when nothing is known. */
export function deviceWords(entry) {
  const known = (name) => (name === "Other" ? "" : name ?? "");
  const browser = joined([known(entry.browser), known(entry.browser) && entry.browser_version], " ");
  const system = joined([known(entry.os_name), known(entry.os_name) && entry.os_version], " ");
  const device = known(entry.device_type);
  const software = joined([browser, system], browser && system ? " on " : "");
  return software && device ? `${software} (${device})` : software || device;
}

/** "Shenzhen, Guangdong, CN"; a name that repeats is said once. */
export const placeWords = (entry) =>
  [...new Set([entry.client_city, entry.client_province, entry.client_country].filter(Boolean))].join(", ");

const CLIENT_TYPES = { web: "a web page", miniprogram: "a mini program", app: "an app", server: "another service" };
export const clientTypeWords = (type) => CLIENT_TYPES[type] ?? "";

const IP_RULES = {
  peer: "No proxy named another client: this is the address that the connection came from.",
  untrusted_peer: "The connection's own address. It named another client, but is not in trusted_proxies, so that counts for nothing.",
  x_forwarded_for: "The first address of X-Forwarded-For, from the right, that is not a trusted proxy.",
  forwarded: "The first address of Forwarded, from the right, that is not a trusted proxy.",
  all_trusted: "Every address of the chain is a trusted proxy: this is the leftmost.",
  obfuscated: "The last address of the chain, from the right, before one that hides itself.",
  malformed: "The last address of the chain, from the right, before something that is no address.",
  cut: "The last address of the chain that was walked: the rest is not there, or it is too long.",
};

/** What tags.ip_rule says about client_ip, as a sentence; empty for a rule that is not known here. */
export const ipRuleWords = (rule) => (Object.hasOwn(IP_RULES, rule) ? IP_RULES[rule] : "");
