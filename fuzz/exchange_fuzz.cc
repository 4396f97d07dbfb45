// A whole exchange as an adapter tells it, call by call and in any order: names, values, targets, header blocks, bodies
// in chunks and by size, marks, tags, exceptions, questions for its identity, and an end that comes early, twice or
// never. Promised: one entry, as log_entry_fuzz.cc promises it, and no secret in it that a name names. Input: lines
// `call = arguments`, as in testing/golden/exchanges; each is made where it stands.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "fuzz/support/input_lines.h"
#include "fuzz/support/json_mutator.h"
#include "fuzz/support/planted_secrets.h"
#include "fuzz/support/whole_library.h"

namespace {

using namespace logs_sdk;
using fuzz::InputLine;
using fuzz::number_in;

std::pair<std::string_view, std::string_view> split(std::string_view text, char separator) {
  const std::size_t at = std::min(text.find(separator), text.size());
  return {text.substr(0, at), text.substr(std::min(at + 1, text.size()))};
}

BodyKind body_kind(std::string_view name) {
  static const std::map<std::string_view, BodyKind> kinds = {{"none", BodyKind::kNone},
                                                             {"streamed", BodyKind::kStreamed},
                                                             {"file", BodyKind::kFile},
                                                             {"upgraded", BodyKind::kUpgraded},
                                                             {"unseen", BodyKind::kUnseen}};
  const auto found = kinds.find(name);
  return found == kinds.end() ? BodyKind::kBuffered : found->second;
}

Outcome outcome_of(std::string_view name) {
  static const std::map<std::string_view, Outcome> outcomes = {{"aborted", Outcome::kAborted},
                                                               {"upgraded", Outcome::kUpgraded},
                                                               {"rejected", Outcome::kRejected},
                                                               {"timeout", Outcome::kTimeout},
                                                               {"abandoned", Outcome::kAbandoned}};
  const auto found = outcomes.find(name);
  return found == outcomes.end() ? Outcome::kComplete : found->second;
}

Mark mark_of(std::string_view name) {
  static const std::map<std::string_view, Mark> marks = {{"request_body_read", Mark::kRequestBodyRead},
                                                         {"handler_end", Mark::kHandlerEnd},
                                                         {"first_byte", Mark::kFirstByte},
                                                         {"last_byte", Mark::kLastByte}};
  const auto found = marks.find(name);
  return found == marks.end() ? Mark::kHandlerStart : found->second;
}

// "type: message", the cause of the one told before.
std::exception_ptr thrown(std::string_view text, const std::exception_ptr& around) {
  const std::string message(split(text, ' ').second);
  try {
    if (text.starts_with("int")) throw number_in(message);
    if (around == nullptr) throw std::runtime_error(message);
    try {
      std::rethrow_exception(around);
    } catch (...) {
      std::throw_with_nested(std::invalid_argument(message));
    }
  } catch (...) {
    return std::current_exception();
  }
}

// An adapter that does what the lines say.
class Adapter {
 public:
  explicit Adapter(fuzz::WholeLibrary& library) : library_(library), exchange_(library.begin()) {}

  void tell(const InputLine& line) {
    const auto call = calls().find(line.name);
    if (call != calls().end()) (this->*call->second)(line);
    if (const auto value = fuzz::tag_value(line)) exchange_.add_tag(line.argument, *value);
  }

  // What a client sends and a handler says in front of it, under names that are secret.
  void plant_secrets() {
    const std::string secret(fuzz::kCanary);
    exchange_.request_header("Authorization", "Bearer " + secret);
    exchange_.request_header("Cookie", "session=" + secret);
    exchange_.request_header_block("X-Api-Key: " + secret + "\r\nX-Session-ID: " + secret + "\r\n");
    exchange_.response_header("Set-Cookie", "session=" + secret + "; HttpOnly");
    exchange_.add_tag("password", secret);
    exchange_.request_body(fuzz::object_with_secret("{\"a\":"));
    exchange_.response_body(fuzz::query_with_secret("a="));
    exchange_.exception("Error", fuzz::text_with_secret("failed"), fuzz::text_with_secret("at f"), "");
  }

  void end() { exchange_ = Exchange(); }

 private:
  using Call = void (Adapter::*)(const InputLine&);
  static const std::map<std::string_view, Call>& calls() {
    static const std::map<std::string_view, Call> all = {{"request", &Adapter::request},
                                                         {"decoded_target", &Adapter::decoded_target},
                                                         {"scheme", &Adapter::scheme},
                                                         {"peer", &Adapter::peer},
                                                         {"tls", &Adapter::tls},
                                                         {"route", &Adapter::route},
                                                         {"request_header", &Adapter::request_header},
                                                         {"request_header_block", &Adapter::request_header_block},
                                                         {"request_body", &Adapter::request_body},
                                                         {"request_body_size", &Adapter::request_body_size},
                                                         {"status", &Adapter::status},
                                                         {"response_header", &Adapter::response_header},
                                                         {"response_header_block", &Adapter::response_header_block},
                                                         {"response_body", &Adapter::response_body},
                                                         {"response_body_size", &Adapter::response_body_size},
                                                         {"throw", &Adapter::throw_one},
                                                         {"throw.end", &Adapter::tell_thrown},
                                                         {"exception.type", &Adapter::note_exception},
                                                         {"exception.message", &Adapter::note_exception},
                                                         {"exception.stack", &Adapter::note_exception},
                                                         {"exception.location", &Adapter::tell_exception},
                                                         {"user", &Adapter::user},
                                                         {"session", &Adapter::session},
                                                         {"business_error", &Adapter::business_error},
                                                         {"upstream_status", &Adapter::upstream_status},
                                                         {"mark", &Adapter::mark},
                                                         {"ask", &Adapter::ask},
                                                         {"outcome", &Adapter::finish}};
    return all;
  }

  void request(const InputLine& line) {
    const auto [method, rest] = split(line.value, ' ');
    const std::size_t end = std::min(rest.rfind(' '), rest.size());
    exchange_.request_line(method, rest.substr(0, end), rest.substr(std::min(end + 1, rest.size())));
  }
  void decoded_target(const InputLine& line) {
    const auto [path, query] = split(line.value, '?');
    exchange_.request_line_decoded("GET", path, query, "HTTP/2");
  }
  void scheme(const InputLine& line) { exchange_.scheme(line.value); }
  // As a socket has it: no client chooses these characters.
  void peer(const InputLine& line) {
    const auto [address, port] = split(line.value, ' ');
    const bool is_address = address.find_first_not_of("0123456789abcdef.:") == std::string_view::npos;
    exchange_.peer(is_address ? address : "unix", static_cast<int>(number_in(port)));
  }
  void tls(const InputLine& line) {
    const auto [version, cipher] = split(line.value, ' ');
    exchange_.tls(version, cipher);
  }
  void route(const InputLine& line) { exchange_.route(line.value); }
  void request_header(const InputLine& line) { exchange_.request_header(line.argument, line.value); }
  void request_header_block(const InputLine& line) { exchange_.request_header_block(line.value); }
  void request_body(const InputLine& line) { exchange_.request_body(line.value, body_kind(line.argument)); }
  void request_body_size(const InputLine& line) {
    exchange_.request_body_size(static_cast<std::uint64_t>(number_in(line.value)), body_kind(line.argument));
  }
  void status(const InputLine& line) { exchange_.status(static_cast<int>(number_in(line.value))); }
  void response_header(const InputLine& line) { exchange_.response_header(line.argument, line.value); }
  void response_header_block(const InputLine& line) { exchange_.response_header_block(line.value); }
  void response_body(const InputLine& line) { exchange_.response_body(line.value, body_kind(line.argument)); }
  void response_body_size(const InputLine& line) {
    exchange_.response_body_size(static_cast<std::uint64_t>(number_in(line.value)), body_kind(line.argument));
  }
  void throw_one(const InputLine& line) {
    exception_ = thrown(line.value, exception_);
    if (line.argument.empty()) exchange_.exception(exception_);
  }
  void tell_thrown(const InputLine&) { exchange_.exception(exception_); }
  void note_exception(const InputLine& line) { foreign_[line.name] = line.value; }
  void tell_exception(const InputLine& line) {
    exchange_.exception(foreign_["exception.type"], foreign_["exception.message"], foreign_["exception.stack"],
                        line.value);
  }
  void user(const InputLine& line) { exchange_.set_user(line.value); }
  void session(const InputLine& line) { exchange_.set_session(line.value); }
  void business_error(const InputLine& line) { exchange_.mark_business_error(line.value); }
  void upstream_status(const InputLine& line) { exchange_.upstream_status(static_cast<int>(number_in(line.value))); }
  void mark(const InputLine& line) {
    constexpr std::int64_t kMostUs = 1'000'000'000'000;  // clocks of frameworks may be wrong, but are clocks
    const std::chrono::microseconds after(number_in(line.value) % kMostUs);
    exchange_.mark(mark_of(line.argument), library_.now() + after);
  }
  void ask(const InputLine&) {
    const std::size_t size = exchange_ ? 32 : 0;
    fuzz::promise(exchange_.uuid().size() == size && exchange_.trace_id().size() == size &&
                      exchange_.span_id().size() == size / 2,
                  "an exchange has its identity, an inert one has none");
    static_cast<void>(exchange_.request_id());
  }
  void finish(const InputLine& line) { exchange_.finish(outcome_of(line.value)); }

  fuzz::WholeLibrary& library_;
  Exchange exchange_;
  std::exception_ptr exception_;
  std::map<std::string_view, std::string> foreign_;
};

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
  return fuzz::mutate_input(fuzz::Layout::kLines, data, size, max, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::Libraries libraries;
  const auto lines = fuzz::read_lines({reinterpret_cast<const char*>(data), size});
  std::int64_t max_body_bytes = 4096;
  for (const InputLine& line : lines) {
    if (fuzz::holds_canary(line.value) || fuzz::holds_canary(line.argument)) return 0;
    if (line.name == "config.max_body_size") max_body_bytes = number_in(line.value);
  }
  fuzz::WholeLibrary& library = libraries.with_bodies_of(max_body_bytes);
  Adapter adapter(library);
  if (fuzz::plants(data, size)) adapter.plant_secrets();
  for (const InputLine& line : lines) adapter.tell(line);
  adapter.end();
  if (const auto record = library.finished()) fuzz::promise_no_secret(*record);
  return 0;
}
