// Who called: person, device, place, and the way the request came.

import { clientTypeWords, deviceWords, ipRuleWords, placeWords } from "./client_words.js";
import { element } from "./dom.js";
import { factList, filterButton, section } from "./facts.js";
import { visibleText } from "./format.js";
import { appendInSteps } from "./in_steps.js";
import { markedText } from "./marked_text.js";

const HOPS_STEP = 20;

function address(entry, onFilter) {
  if (!entry.client_ip) return "";
  const rule = entry.tags?.ip_rule;
  return element("span", {}, ...markedText(entry.client_ip), entry.client_port ? element("small", {}, ` port of the peer ${entry.client_port}`) : null,
    filterButton("client_ip", entry.client_ip, onFilter),
    typeof rule === "string" ? element("small", { className: "why", title: visibleText(`ip_rule: ${rule}`) }, visibleText(ipRuleWords(rule) || rule)) : null);
}

/** The chain as it was received, one address after the other, the client's marked. */
function chain(entry) {
  if (!entry.client_ip_chain) return "";
  const list = element("ol", { className: "chain" });
  const hops = entry.client_ip_chain.split(",").map((hop) => hop.trim());
  const hop = (text) => element("li", { className: text === entry.client_ip ? "client" : "" }, ...markedText(text));
  appendInSteps(list, hops, hop, HOPS_STEP, (button) => element("li", {}, button));
  return list;
}

export function clientSection(entry, onFilter) {
  const tls = [entry.tls_version && `TLS ${entry.tls_version}`, entry.tls_cipher].filter(Boolean).join(", ");
  const type = clientTypeWords(entry.client_type);
  return section("Client", factList([
    ["User", entry.user_id, "user_id"], ["Session", entry.session_id, "session_id"],
    ["Address", address(entry, onFilter)], ["Address chain", chain(entry)],
    ["Device", deviceWords(entry)], ["Place", placeWords(entry)], ["Provider", entry.client_isp, "client_isp"],
    ["Kind", type && element("span", {}, type)], ["Connection", tls], ["User agent", entry.user_agent, "user_agent"],
  ], onFilter));
}
