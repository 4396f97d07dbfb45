// The instances that send entries, each with its ledger beside what the server has of it.

import { byId, element } from "./dom.js";
import { formatTime, visibleText } from "./format.js";

const VERDICTS = {
  balanced: ["s2", "balanced", "Every entry that the client says was delivered is known here."],
  waiting: ["s1", "waiting", "The client holds entries that it has not sent yet."],
  short: ["s5", "short", "The client says it delivered more than is known here."],
  unknown: ["s0", "no ledger", "This client sends no ledger."],
};
const TOTALS = ["captured", "delivered", "duplicate", "rejected", "dropped", "pending"];

const number = (value) => (value === undefined || value === null ? "–" : value.toLocaleString("en"));

function verdictCell(client) {
  const [badgeClass, label, meaning] = VERDICTS[client.verdict] ?? VERDICTS.unknown;
  const text = client.missing > 0 ? `${label}: ${number(client.missing)}` : label;
  return element("td", {}, element("span", { className: `badge ${badgeClass}`, title: meaning }, text));
}

function row(client, onOpen) {
  const cell = (text, title = text) => element("td", { title: visibleText(title) }, visibleText(text));
  const count = (value) => element("td", { className: "number" }, number(value));
  const received = client.received;
  const made = element(
    "tr",
    { tabIndex: 0 },
    cell(formatTime(client.last_seen), `first seen ${client.first_seen}, last seen ${client.last_seen}`),
    cell(client.project_slug),
    cell(client.instance.slice(0, 12), client.instance),
    cell(`${client.sdk_type} ${client.sdk_version}`, client.sdk_hash),
    cell(client.host || client.peer_address, client.peer_address),
    ...TOTALS.map((name) => count(client.ledger?.[name])),
    count(received.accepted), count(received.duplicate), count(received.rejected),
    verdictCell(client),
  );
  const open = () => onOpen(client);
  made.addEventListener("click", open);
  made.addEventListener("keydown", (event) => event.key === "Enter" && open());
  return made;
}

/** The rows of the table. `onOpen(client)`: its entries are wanted. */
export class ClientsTable {
  #onOpen;

  constructor(onOpen) {
    this.#onOpen = onOpen;
  }

  show(clients) {
    byId("client-rows").replaceChildren(...clients.map((client) => row(client, this.#onOpen)));
  }
}
