// An audit over any stored row: the rules of masking over a document of either kind, the lines of dead letters as
// `logs-spool audit` reads them, and `logs-server audit` over a store whose row holds any bytes in the place of its
// document. Promised: what is JSON and an object can be read, what is none is counted as unreadable; a report names
// fields of the table and uuids, never a value; as JSON it is JSON. Input: one document.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/support/entry_check.h"
#include "fuzz/support/json_mutator.h"
#include "fuzz/support/planted_secrets.h"
#include "server/command/audit_command.h"
#include "server/store/document_codec.h"
#include "server/store/sqlite_connection.h"
#include "server/store/sqlite_store.h"
#include "src/audit/audit_report.h"
#include "src/audit/entry_audit.h"
#include "testing/temporary_folder.h"
#include "tools/logs_spool/commands.h"

namespace {

using namespace logs_sdk;
using fuzz::promise;

constexpr std::string_view kUuid = "019b7c8f101270008e23ed79c6655dfc";

void check_report(const std::string& report, bool json) {
  fuzz::promise_no_secret(report);
  promise(!json || fuzz::is_json(report), "a report as JSON is JSON", report);
}

// An exit code of the three that a report ends with.
void check_code(int code) {
  promise(code == kAuditNothingFound || code == kAuditIncomplete || code == kAuditFound, "an audit ends in order");
}

void check_document(EntryForm form, std::string_view document) {
  static const Masker masker({"tenant*"}, {});
  const auto findings = audit_entry(masker, form, document);
  promise(findings.has_value() == (document.starts_with('{') && fuzz::is_json_object(document)),
          "exactly what is a JSON object can be audited", document);
  for (const bool json : {false, true}) {
    std::ostringstream out;
    AuditReport report(out, json);
    report.add("shop", findings);
    const int code = report.end();
    check_code(code);
    promise((code == kAuditIncomplete) == !findings, "what cannot be read is told by the exit code", document);
    check_report(out.str(), json);
  }
}

// A folder of spools with one file of dead letters, whose lines the input is.
class SpoolFolder {
 public:
  SpoolFolder() : letters_(folder_.file("v1/deadletter")) {
    ::mkdir(folder_.file("v1").c_str(), 0700);
    ::mkdir(letters_.c_str(), 0700);
  }
  std::string audit(std::string_view document, bool json) {
    std::ofstream file(letters_ + "/" + std::string(32, 'a') + ".ndjson", std::ios::trunc);
    file << R"({"time":"2026-01-02T03:04:05.678901Z","stream":1,"entry":)" << document << "}\n" << document;
    file.close();
    SpoolCommand command;
    command.action = SpoolCommand::Action::kAudit;
    command.folder = folder_.path();
    command.audit.json = json;
    std::ostringstream out;
    const auto code = logs_sdk::run_audit(command, out);
    promise(code.ok(), "a spool can be audited whatever it holds", code.ok() ? "" : code.status().message());
    check_code(code.value());
    return out.str();
  }

 private:
  const TemporaryFolder folder_;
  const std::string letters_;
};

// A store with one row.
class StoreFolder {
 public:
  StoreFolder() {
    using logs_server::SqliteStore;
    const auto store = std::move(SqliteStore::open(folder_.path())).value();
    logs_server::NewEntry entry;
    entry.uuid = *Uuid::parse(kUuid);
    entry.project_slug = "shop";
    entry.document = "{}";
    const std::vector<logs_server::NewEntry> entries = {entry};
    promise(store->append(entries).ok(), "a store takes an entry");
    connection_ = std::move(logs_server::SqliteConnection::open(folder_.file("store.db"))).value();
    // What is asked is not whether it survives the machine.
    promise(connection_->execute("PRAGMA synchronous = OFF").ok(), "a store can be opened");
    change_ = std::move(connection_->prepare("UPDATE entry SET document = ?1, kind = ?2")).value();
  }
  std::string audit(std::string_view blob, bool infra, bool json) {
    change_.bind_blob(1, blob);
    change_.bind(2, infra ? 1 : 0);
    promise(change_.step() == SQLITE_DONE, "a row can be changed");
    change_.reset();
    logs_server::AuditCommand command;
    command.options.json = json;
    std::ostringstream out;
    const auto code = logs_server::run_audit(folder_.path(), command, out);
    promise(code.ok(), "a store can be audited whatever a row holds", code.ok() ? "" : code.status().message());
    check_code(code.value());
    return out.str();
  }

 private:
  const TemporaryFolder folder_;
  std::unique_ptr<logs_server::SqliteConnection> connection_;
  logs_server::SqliteStatement change_;
};

// The commands, which cost files: for one input of eight, by its bytes.
void check_commands(std::string_view document, std::size_t turn) {
  static SpoolFolder spool;
  static StoreFolder store;
  static logs_server::DocumentPacker packer;
  const bool json = turn % 2 == 0, infra = turn % 3 == 0;
  check_report(spool.audit(document, json), json);
  std::string packed;
  promise(packer.pack(document, packed), "a document can be packed");
  check_report(store.audit(packed, infra, json), json);
  // As damage would leave it: bytes that were never packed, and half of those that were.
  check_report(store.audit(document, infra, json), json);
  check_report(store.audit(std::string_view(packed).substr(0, packed.size() / 2), infra, json), json);
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
  return fuzz::mutate_input(fuzz::Layout::kJson, data, size, max, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string document(reinterpret_cast<const char*>(data), size);
  if (fuzz::holds_canary(document)) return 0;
  const std::string secret = fuzz::object_with_secret(document);
  for (const EntryForm form : {EntryForm::kEntry, EntryForm::kInfra}) {
    check_document(form, document);
    check_document(form, secret);
  }
  std::size_t sum = size;
  for (const char c : document) sum += static_cast<unsigned char>(c);
  if (sum % 8 == 0) check_commands(secret, sum / 8);
  return 0;
}
