// The console: reads the address, asks the server, shows what came.
//
// The address is the only state (state.js): every action changes it, and every change of it leads to one render.

import { ApiError, getLog, listClients, listLogs, signIn, signOut } from "./api.js";
import { ClientsTable } from "./clients_table.js";
import { byId } from "./dom.js";
import { EntriesTable } from "./entries_table.js";
import { EntryDetail } from "./entry_detail.js";
import { formatCount, formatTime, queryTerm } from "./format.js";
import { helpContent } from "./help.js";
import { LiveTail } from "./live_tail.js";
import { firstStepsNotice, nothingFoundNotice, problemNotice, signInNotice } from "./notices.js";
import { RANGES, readState, searchParameters, stateHash } from "./state.js";

const PAGE_ENTRIES = 100;
// A search that finds little goes on by itself for so many answers of the server (about a second each).
const MAX_ROUNDS = 15;
// On the screen while new ones come: enough to scroll back, few enough to draw many times a second.
const MAX_LIVE_ENTRIES = 500;

const table = new EntriesTable((uuid) => go({ entry: uuid }));
const detail = new EntryDetail(byId("detail"), {
  onFilter: (term) => go({ q: `${readState().q} ${term}`.trim(), cursor: "", entry: "" }),
  onOpen: (uuid) => go({ entry: uuid }),
  onMove: moveBy,
  onClose: closeEntry,
});
const clientsTable = new ClientsTable((client) =>
  go({ view: "", q: client.host ? queryTerm("host", client.host) : "", cursor: "", entry: "" }));
const tail = new LiveTail({
  onStart: () => search(readState()),
  onEntry: (entry) => arrived.push(entry) === 1 && requestAnimationFrame(showArrived),
  onDropped: (count) => {
    missed += count;
  },
  onRefused: () => {
    go({ live: "" });
    showStatus("Live is not available: too many readers, or signed out.");
  },
});

let running = new AbortController(); // the search that may still be answered
let shownSearch = null; // the address of the list on the screen, without the open entry
let entries = []; // on the screen, by which an open entry needs no second request
let nextCursor = null;
let addressQuery = null; // the query of the address that the field shows, or showed before somebody typed
let arrived = []; // live entries that are not on the screen yet
let sinceAsked = []; // those that came since the list was asked for, which may not have them
let missed = 0; // of the live ones, those that came too fast

// Going somewhere.

/** `replaces`: Back does not come by here. */
function go(changes, { replaces = false } = {}) {
  const hash = stateHash({ ...readState(), ...changes });
  if (hash === location.hash || (hash === "#" && location.hash === "")) render({ again: true });
  else if (replaces) location.replace(hash);
  else location.hash = hash;
}

/** To another row; when an entry is open, to that row's entry. */
function moveBy(by) {
  const uuid = table.move(by, { takesFocus: !byId("detail").contains(document.activeElement) });
  if (readState().entry && uuid) go({ entry: uuid }, { replaces: true });
}

function closeEntry() {
  const { entry } = readState();
  if (!entry) return;
  go({ entry: "" });
  table.focus(entry);
}

const searchOf = (state) => stateHash({ ...state, entry: "" });

// Showing.

function showSection(name) {
  for (const each of ["list", "client-list", "notice"]) byId(each).hidden = each !== name;
}

function showNotice(content) {
  byId("notice").replaceChildren(content);
  showSection("notice");
}

function showStatus(text) {
  byId("status").textContent = text;
}

function showControls(state) {
  showQuery(state.q);
  byId("live").setAttribute("aria-pressed", String(isLive(state)));
  byId("clients").setAttribute("aria-pressed", String(state.view === "clients"));
  byId("range").value = state.range;
  byId("custom-range").hidden = state.range !== "custom";
  byId("from").value = toLocalInput(state.from);
  byId("to").value = toLocalInput(state.to);
}

/** What somebody is typing stays when the address changes for another reason. */
function showQuery(q) {
  if (q === addressQuery) return;
  addressQuery = q;
  byId("query").value = q;
}

function showQueryError(state, error) {
  const box = byId("query-error");
  box.hidden = !error;
  if (!error) return;
  const before = Array.from(state.q).slice(0, error.position ?? 0).join("");
  box.textContent = error.position === undefined
    ? error.message
    : `${state.q}\n${before.replace(/[^\t]/g, " ")}^ ${error.message.replace(/^q: /, "")}`;
}

// datetime-local speaks local time without zone, the address UTC.
function toLocalInput(utc) {
  const time = new Date(utc);
  if (!utc || Number.isNaN(time.getTime())) return "";
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

const fromLocalInput = (local) => (local ? new Date(local).toISOString() : "");

// Asking.

/** Gathers one page: the server answers after a second at the latest, with or without a full page. */
async function gather(state, signal, onProgress) {
  const parameters = { ...searchParameters(state), limit: String(PAGE_ENTRIES) };
  const page = { logs: [], next_cursor: null, scanned: 0, damaged: 0, complete: true };
  for (let round = 0; round < MAX_ROUNDS; ++round) {
    const answer = await listLogs(parameters, signal);
    page.logs.push(...answer.logs);
    page.scanned += answer.scanned;
    page.damaged += answer.damaged;
    page.next_cursor = answer.next_cursor;
    page.complete = answer.complete;
    if (answer.complete || answer.next_cursor === null) break;
    onProgress(page);
    parameters.cursor = answer.next_cursor;
    parameters.limit = String(PAGE_ENTRIES - page.logs.length);
  }
  return page;
}

function pageStatus(page) {
  const found = formatCount(page.logs.length, "entry", "entries");
  const searched = page.scanned > page.logs.length ? `, ${page.scanned.toLocaleString("en")} searched` : "";
  const damaged = page.damaged ? `, ${formatCount(page.damaged, "damaged entry", "damaged entries")} left out` : "";
  return `${found}${searched}${damaged}${page.complete ? "" : ", not searched to the end"}`;
}

async function search(state) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  document.body.classList.add("busy");
  sinceAsked = [];
  try {
    const page = await gather(state, signal, (sofar) => showStatus(`Searching … ${sofar.scanned.toLocaleString("en")} searched`));
    shownSearch = searchOf(state);
    entries = isLive(state) ? together(sinceAsked, page.logs) : page.logs;
    nextCursor = page.next_cursor;
    showQueryError(state, null);
    showStatus(pageStatus(page));
    byId("newest").hidden = !state.cursor;
    byId("older").hidden = page.next_cursor === null;
    byId("older").textContent = page.complete ? "Older" : "Search on";
    if (entries.length === 0) {
      await explainEmptyPage(state, page, signal);
    } else {
      table.show(entries, state.entry);
      showSection("list");
    }
  } catch (error) {
    if (!signal.aborted) showFailure(state, error);
  } finally {
    if (!signal.aborted) document.body.classList.remove("busy");
  }
}

// Showing what comes by itself.

/** Older pages, and a range that has ended, do not change. */
const isLive = (state) => state.live === "1" && !state.view && !state.cursor && state.range !== "custom";

/** Each entry once, not too many; of one that was interrupted and has ended since, how it ended. */
function together(newer, older) {
  const byUuid = new Map();
  for (const entry of [...newer, ...older]) if (!byUuid.has(entry.uuid)) byUuid.set(entry.uuid, entry);
  return [...byUuid.values()].slice(0, MAX_LIVE_ENTRIES);
}

function showArrived() {
  const fresh = arrived.reverse();
  arrived = [];
  if (!isLive(readState())) return;
  sinceAsked = together(fresh, sinceAsked);
  entries = together(fresh, entries);
  if (entries.length === 0) return;
  table.show(entries, readState().entry);
  showSection("list");
  const lost = missed ? `, ${formatCount(missed, "entry", "entries")} came too fast to be shown: search for them` : "";
  showStatus(`Live: ${formatCount(entries.length, "entry", "entries")}${lost}`);
}

async function showClients() {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  shownSearch = null;
  detail.hide();
  byId("newest").hidden = true;
  byId("older").hidden = true;
  try {
    const { clients } = await listClients(signal);
    if (clients.length === 0) {
      showNotice(nothingFoundNotice("No client has sent entries yet.", [["Show entries", () => go({ view: "" })]]));
    } else {
      clientsTable.show(clients);
      showSection("client-list");
    }
    showStatus(formatCount(clients.length, "client", "clients"));
  } catch (error) {
    if (!signal.aborted) showFailure(readState(), error);
  }
}

async function explainEmptyPage(state, page, signal) {
  if (page.next_cursor !== null) {
    showNotice(nothingFoundNotice("Nothing so far; there are older entries to search.", [["Search on", () => go({ cursor: page.next_cursor })]]));
    return;
  }
  const { logs } = await listLogs({ limit: "1" }, signal);
  if (entries.length > 0) return; // one has come by itself
  if (logs.length === 0) {
    showNotice(firstStepsNotice(() => render({ again: true })));
    return;
  }
  const actions = [];
  if (state.range !== "all") actions.push(["Search all time", () => go({ range: "all", from: "", to: "", cursor: "" })]);
  if (state.q) actions.push(["Clear the search", () => go({ q: "", cursor: "" })]);
  if (state.cursor) actions.push(["Newest", () => go({ cursor: "" })]);
  showNotice(nothingFoundNotice(`The newest entry there is came at ${formatTime(logs[0].timestamp)}.`, actions));
}

function showFailure(state, error) {
  if (error instanceof ApiError && error.status === 401) {
    showSignIn("");
  } else if (error instanceof ApiError && error.status === 400) {
    showQueryError(state, error);
    showStatus("");
  } else {
    showNotice(problemNotice(error instanceof ApiError ? error.message : "The server cannot be reached.", () => render({ again: true })));
    showStatus("");
  }
}

async function openEntry(uuid) {
  table.mark(uuid);
  if (!uuid) {
    detail.hide();
    return;
  }
  const known = entries.find((entry) => entry.uuid === uuid);
  try {
    const entry = known ?? (await getLog(uuid));
    if (readState().entry === uuid) detail.show(entry);
  } catch (error) {
    if (readState().entry !== uuid) return;
    if (error.status === 401) showSignIn("");
    else detail.showMessage(error.status === 404 ? "This entry is not there (any more)." : error.message);
  }
}

/** Makes the screen what the address says. `again`: the list is asked for even if it is on the screen already. */
async function render({ again = false } = {}) {
  const state = readState();
  showControls(state);
  if (!isLive(state)) tail.stop();
  if (state.view === "clients") {
    await showClients();
    return;
  }
  // A stream that starts searches by itself, so that nothing is stored unseen between the two.
  const isStarting = isLive(state) && tail.follow(state.q);
  if (isStarting) [missed, arrived] = [0, []];
  else if (again || shownSearch !== searchOf(state)) await search(state);
  if (isStarting || shownSearch !== null) await openEntry(state.entry);
}

// Signing in and out.

function showSignIn(message) {
  tail.stop();
  running.abort();
  document.body.classList.remove("busy");
  shownSearch = null;
  entries = [];
  detail.hide();
  document.body.classList.add("signed-out");
  showStatus("");
  showNotice(signInNotice(message, enter));
  byId("token").focus();
}

async function enter(token) {
  try {
    await signIn(token);
    document.body.classList.remove("signed-out");
    await render({ again: true });
  } catch (error) {
    showSignIn(error.status === 401 ? "This token is not valid." : error.message);
  }
}

async function leave() {
  try {
    await signOut();
    showSignIn("");
  } catch (error) {
    showFailure(readState(), error);
  }
}

/** The token of the address that logs-server printed; out of the address bar and the history at once. */
function takeToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token) history.replaceState(null, "", location.pathname);
  return token;
}

// What people do.

function connectControls() {
  byId("range").replaceChildren(
    ...RANGES.map(([value, , label]) => new Option(label, value)),
    new Option("All time", "all"),
    new Option("From … to …", "custom"),
  );
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    go({ view: "", q: byId("query").value.trim(), cursor: "", entry: "" });
  });
  byId("range").addEventListener("change", (event) => {
    if (event.target.value === "custom") {
      byId("custom-range").hidden = false;
      byId("from").focus();
    } else {
      go({ q: byId("query").value.trim(), range: event.target.value, from: "", to: "", cursor: "" });
    }
  });
  for (const id of ["from", "to"]) {
    byId(id).addEventListener("change", () =>
      go({ range: "custom", from: fromLocalInput(byId("from").value), to: fromLocalInput(byId("to").value), cursor: "" }));
  }
  byId("home").addEventListener("click", (event) => {
    event.preventDefault();
    byId("query").value = "";
    go({ view: "", q: "", range: "", from: "", to: "", live: "", cursor: "", entry: "" });
  });
  byId("refresh").addEventListener("click", () => render({ again: true }));
  byId("newest").addEventListener("click", () => go({ cursor: "" }));
  byId("older").addEventListener("click", () => go({ cursor: nextCursor }));
  byId("sign-out").addEventListener("click", leave);
  byId("help").replaceChildren(...helpContent((query) => go({ q: query, cursor: "", entry: "" })));
  byId("help-button").addEventListener("click", toggleHelp);
  byId("live").addEventListener("click", toggleLive);
  byId("clients").addEventListener("click", () => go({ view: readState().view ? "" : "clients", entry: "" }));
}

function toggleHelp() {
  const isShown = byId("help").toggleAttribute("hidden") === false;
  byId("help-button").setAttribute("aria-expanded", String(isShown));
}

function toggleLive() {
  const state = readState();
  if (isLive(state)) go({ live: "" });
  else go({ view: "", live: "1", cursor: "", range: state.range === "custom" ? "" : state.range, from: "", to: "" });
}

const KEYS = {
  "/": () => byId("query").focus(),
  j: () => moveBy(1),
  k: () => moveBy(-1),
  ArrowDown: () => moveBy(1),
  ArrowUp: () => moveBy(-1),
  r: () => render({ again: true }),
  l: toggleLive,
  "?": toggleHelp,
};

function connectKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target.matches?.("input, select, textarea");
    if (event.key === "Escape") {
      if (isTyping) event.target.blur();
      else closeEntry();
      return;
    }
    if (isTyping || !(event.key in KEYS)) return;
    // The detail scrolls by the arrows when it has the focus.
    if (event.key.startsWith("Arrow") && event.target.closest?.("#detail")) return;
    event.preventDefault();
    KEYS[event.key]();
  });
}

connectControls();
connectKeys();
window.addEventListener("hashchange", () => {
  const token = takeToken();
  if (token) enter(token);
  else render();
});
const token = takeToken();
if (token) await enter(token);
else await render();
