#include "src/capture/exchange_state.h"

#include <algorithm>
#include <variant>

#include "src/base/fork_generation.h"
#include "src/base/hex.h"
#include "src/base/random.h"
#include "src/capture/request_target.h"

namespace logs_sdk::inline v1 {
namespace {

// What a pooled state may keep; a usual exchange needs 2 to 6 KiB of arena.
constexpr std::size_t kKeptArenaBytes = 65536;
constexpr std::size_t kFirstArenaBytes = 4096;
constexpr std::size_t kFirstHeaders = 32;

constexpr auto kLower = [] {
  std::array<char, 256> table{};
  for (std::size_t c = 0; c < table.size(); ++c) table[c] = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return table;
}();

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

bool is_line_end(char c) noexcept { return c == '\r' || c == '\n'; }

void clear(ExchangeState::Headers& headers) noexcept {
  headers.list.clear();
  headers.bytes = 0;
  headers.left_out = 0;
  headers.first.fill(ExchangeState::Headers::kNone);
}

void clear(ExchangeState::Body& body) noexcept {
  body.copy.clear();
  body.size = 0;
  body.kind = BodyKind::kNone;
}

}  // namespace

ExchangeState::ExchangeState() {
  arena.reserve(kFirstArenaBytes);
  request_headers.list.reserve(kFirstHeaders);
  response_headers.list.reserve(kFirstHeaders);
  reset();
}

void ExchangeState::begin(const ExchangeStart& start) noexcept {
  sink = start.sink;
  generation = fork_generation();
  started_wall = start.wall;
  started = start.steady;
  max_body_copy_bytes = start.max_body_bytes == 0 ? 0 : start.max_body_bytes + kBodyLookaheadBytes;
  char hex[32];
  start.uuid.to_hex(hex);
  std::copy(std::begin(hex), std::end(hex), uuid_hex.begin());
  const std::uint64_t random = system_random().next();
  write_hex(random == 0 ? 1 : random, span_id.data());  // zeros are no span id (Trace Context, 3.2.2.4)
}

void ExchangeState::reset() noexcept {
  sink = nullptr;
  damaged = has_parent_span = identity_settled = peer_trusted = false;
  request_id.clear();
  if (arena.capacity() > kKeptArenaBytes)
    std::string().swap(arena);
  else
    arena.clear();
  method = target = protocol = scheme = peer = tls_version = tls_cipher = route = Slice();
  peer_port = status = upstream_status = 0;
  clear(request_headers);
  clear(response_headers);
  clear(request_body);
  clear(response_body);
  has_exception = business_error = false;
  exception_type = exception_message = exception_stack = exception_location = Slice();
  business_message = user = session = Slice();
  tags.clear();
  marked = 0;
}

ExchangeState::Slice ExchangeState::copy(std::string_view text, std::size_t max_bytes) {
  const std::size_t room = kMaxArenaBytes - std::min(arena.size(), kMaxArenaBytes);
  const std::string_view kept = text.substr(0, std::min(max_bytes, room));
  const Slice slice{static_cast<std::uint32_t>(arena.size()), static_cast<std::uint32_t>(kept.size()),
                    kept.size() < text.size()};
  arena.append(kept);
  return slice;
}

void ExchangeState::set_decoded_target(std::string_view path, std::string_view query) {
  target = Slice{static_cast<std::uint32_t>(arena.size()), 0, false};
  if (arena.size() >= kMaxArenaBytes) return;
  encode_path(path.substr(0, kMaxCopiedTargetBytes), arena);
  target.cut = path.size() > kMaxCopiedTargetBytes;
  if (!query.empty() && !target.cut) {
    arena.push_back('?');
    target.cut = copy(query, kMaxCopiedTargetBytes).cut;
  }
  target.size = static_cast<std::uint32_t>(arena.size()) - target.offset;
}

void ExchangeState::add_header(Headers& headers, std::string_view name, std::string_view value) {
  const std::size_t room = kMaxCopiedHeaderBytes - headers.bytes;
  if (headers.list.size() == kMaxCopiedHeaders || name.empty() ||
      name.size() >= std::min(room, kMaxCopiedHeaderNameBytes)) {
    ++headers.left_out;
    return;
  }
  Header header;
  header.name = copy(name, name.size());
  char* lower = arena.data() + header.name.offset;
  for (std::size_t i = 0; i < name.size(); ++i) lower[i] = kLower[static_cast<unsigned char>(lower[i])];
  header.value = copy(trimmed(value), room - name.size());
  header.id = header_id(text(header.name));
  headers.bytes += header.name.size + header.value.size;
  headers.list.push_back(header);
  if (header.id == HeaderId::kOther) return;
  std::uint16_t& first = headers.first[static_cast<std::size_t>(header.id)];
  if (first == Headers::kNone) first = static_cast<std::uint16_t>(headers.list.size() - 1);
}

void ExchangeState::add_header_block(Headers& headers, std::string_view block) {
  while (!block.empty()) {
    // A line and those that continue it.
    std::size_t end = block.find('\n');
    while (end != std::string_view::npos && end + 1 < block.size() && (block[end + 1] == ' ' || block[end + 1] == '\t'))
      end = block.find('\n', end + 1);
    const std::string_view line = block.substr(0, end);
    block.remove_prefix(end == std::string_view::npos ? block.size() : end + 1);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      if (!trimmed(line).empty()) ++headers.left_out;
      continue;
    }
    const std::size_t before = arena.size();
    add_header(headers, trimmed(line.substr(0, colon)), line.substr(colon + 1));
    if (line.find('\n') != std::string_view::npos)
      std::replace_if(arena.begin() + static_cast<std::ptrdiff_t>(before), arena.end(), is_line_end, ' ');
  }
}

void ExchangeState::add_body(Body& body, std::string_view chunk, BodyKind kind) {
  body.kind = kind;
  body.size += chunk.size();
  if (body.copy.size() < max_body_copy_bytes) body.copy.append(chunk.substr(0, max_body_copy_bytes - body.copy.size()));
}

void ExchangeState::set_body_size(Body& body, std::uint64_t size_bytes, BodyKind kind) noexcept {
  body.kind = kind;
  body.size = std::max<std::uint64_t>(size_bytes, body.copy.size());
}

void ExchangeState::add_tag(std::string_view name, const TagValue& value) {
  auto same_name = [&](const Tag& tag) { return text(tag.name) == name.substr(0, kMaxCopiedStringBytes); };
  auto tag = std::find_if(tags.begin(), tags.end(), same_name);
  if (tag == tags.end()) {
    if (tags.size() == kMaxCopiedTags) return;
    tag = tags.emplace(tags.end());
    tag->name = copy(name, kMaxCopiedStringBytes);
  }
  tag->kind = static_cast<std::uint8_t>(value.index());
  if (const auto* string = std::get_if<std::string>(&value)) tag->text = copy(*string, kMaxCopiedTextBytes);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) tag->integer = *integer;
  if (const auto* real = std::get_if<double>(&value)) tag->real = *real;
  if (const auto* boolean = std::get_if<bool>(&value)) tag->boolean = *boolean;
}

std::string_view ExchangeState::request_header(HeaderId id) const noexcept {
  const std::uint16_t index = request_headers.first[static_cast<std::size_t>(id)];
  return index == Headers::kNone ? std::string_view() : text(request_headers.list[index].value);
}

}  // namespace logs_sdk::inline v1
