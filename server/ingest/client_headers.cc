#include "server/ingest/client_headers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>

namespace logs_server {
namespace {

constexpr std::size_t kInstanceDigits = 32;
constexpr std::size_t kMaxLabelBytes = 128;
constexpr std::size_t kMaxLedgerBytes = 512;
constexpr std::uint64_t kMaxTotal = std::uint64_t{1} << 53;

struct Total {
  std::string_view name;
  std::uint64_t ClientLedger::*value;
};
constexpr std::array kTotals = {Total{"captured", &ClientLedger::captured},
                                Total{"delivered", &ClientLedger::delivered},
                                Total{"duplicate", &ClientLedger::duplicate},
                                Total{"rejected", &ClientLedger::rejected}, Total{"dropped", &ClientLedger::dropped}};

bool is_instance(std::string_view text) {
  return text.size() == kInstanceDigits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Printable ASCII: what these labels are made of, and what may be shown again without a thought.
bool is_label(std::string_view text) {
  return text.size() <= kMaxLabelBytes &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

std::string_view without_spaces(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

std::optional<std::uint64_t> parse_total(std::string_view digits) {
  std::uint64_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end || value > kMaxTotal) return std::nullopt;
  return value;
}

// One "name=number" of a ledger; false when it is none, or repeats a name that `seen` holds (a bit for each of
// kTotals).
bool take_total(std::string_view part, ClientLedger& ledger, unsigned& seen) {
  const std::size_t equals = part.find('=');
  if (equals == std::string_view::npos) return false;
  const auto value = parse_total(part.substr(equals + 1));
  if (!value) return false;
  for (std::size_t i = 0; i < kTotals.size(); ++i) {
    if (kTotals[i].name != part.substr(0, equals)) continue;
    if ((seen >> i & 1U) != 0) return false;
    seen |= 1U << i;
    ledger.*kTotals[i].value = *value;
  }
  return true;
}

}  // namespace

std::optional<ClientLedger> parse_ledger(std::string_view text) {
  if (text.size() > kMaxLedgerBytes) return std::nullopt;
  ClientLedger ledger;
  unsigned seen = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (!take_total(without_spaces(text.substr(begin, end - begin)), ledger, seen)) return std::nullopt;
    begin = end + 1;
  }
  if (seen != (1U << kTotals.size()) - 1) return std::nullopt;
  return ledger;
}

ClientHeaders read_client_headers(const Request& request) {
  ClientHeaders headers;
  const auto instance = request.header("x-logs-instance");
  if (!instance) return headers;
  if (!is_instance(*instance)) return {.post = std::nullopt, .malformed = true};
  ClientPost& post = headers.post.emplace();
  post.project_slug = request.principal;
  post.instance = *instance;
  post.labels.peer_address = request.peer_address;
  const auto label = [&](std::string_view name, std::string& to) {
    const std::string_view value = request.header(name).value_or("");
    if (is_label(value)) {
      to = value;
    } else {
      headers.malformed = true;
    }
  };
  label("x-sdk-type", post.labels.sdk_type);
  label("x-sdk-version", post.labels.sdk_version);
  label("x-sdk-hash", post.labels.sdk_hash);
  if (const auto ledger = request.header("x-logs-ledger")) {
    post.ledger = parse_ledger(*ledger);
    if (!post.ledger) headers.malformed = true;
  }
  return headers;
}

// Found without parsing: in a document quotes within strings are escaped, so these bytes are a member of it, and `host`
// comes before any object of the caller's.
std::string_view host_of(std::string_view document) {
  static constexpr std::string_view kMember = R"(,"host":")";
  const std::size_t begin = document.find(kMember);
  if (begin == std::string_view::npos) return {};
  const std::string_view value = document.substr(begin + kMember.size());
  const std::string_view host = value.substr(0, value.find('"'));
  // An escape is not a host name's, and not worth undoing here.
  return host.find('\\') == std::string_view::npos ? host : std::string_view();
}

}  // namespace logs_server
