#include "src/capture/exchange_state.h"

#include <algorithm>
#include <cstring>
#include <variant>

#include "src/base/ascii.h"
#include "src/base/fork_generation.h"
#include "src/base/hex.h"
#include "src/base/random.h"
#include "src/capture/body_decoder.h"
#include "src/capture/field_lines.h"
#include "src/capture/request_target.h"

namespace logs_sdk::inline v1 {
namespace {

// What a pooled state may keep; a usual exchange needs 2 to 6 KiB of arena.
constexpr std::size_t kKeptArenaBytes = 65536;
constexpr std::size_t kKeptBodyBytes = 98304;  // of each body; what UTF-32 or zstd takes beyond it is given back
constexpr std::size_t kFirstArenaBytes = 4096;
constexpr std::size_t kFirstHeaders = 32;

constexpr std::uint64_t every_byte(std::uint64_t byte) noexcept { return byte * 0x0101010101010101u; }

// Eight characters at once: a byte without its top bit, plus what lifts 'A', or what lifts '[', to 128.
template <typename Word>
void lower_word(char* at) noexcept {
  Word word;
  std::memcpy(&word, at, sizeof word);
  const Word low = word & static_cast<Word>(every_byte(0x7F));
  const Word from_a = low + static_cast<Word>(every_byte(0x80 - 'A'));
  const Word after_z = low + static_cast<Word>(every_byte(0x80 - 'Z' - 1));
  const Word upper = from_a & ~after_z & ~word & static_cast<Word>(every_byte(0x80));
  word |= upper >> 2;
  std::memcpy(at, &word, sizeof word);
}

template <typename Word>
void lower_words(char* text, std::size_t size) noexcept {
  for (std::size_t at = 0; at + sizeof(Word) < size; at += sizeof(Word)) lower_word<Word>(text + at);
  lower_word<Word>(text + size - sizeof(Word));
}

// ASCII only.
void lower_case(char* text, std::size_t size) noexcept {
  if (size >= sizeof(std::uint64_t)) return lower_words<std::uint64_t>(text, size);
  if (size >= sizeof(std::uint32_t)) return lower_words<std::uint32_t>(text, size);
  for (std::size_t i = 0; i < size; ++i) text[i] = to_lower(text[i]);
}

bool is_line_end(char c) noexcept { return c == '\r' || c == '\n'; }

// The ends of the lines that a value goes on over become blanks (RFC 9112, 5.2).
void unfold(char* text, std::size_t size) noexcept { std::replace_if(text, text + size, is_line_end, ' '); }

std::uint32_t bit_of(HeaderId id) noexcept { return std::uint32_t{1} << static_cast<unsigned>(id); }

void clear(ExchangeState::Headers& headers) noexcept {
  headers.list.clear();
  headers.bytes = 0;
  headers.left_out = 0;
  headers.repeated_ids = headers.lost_ids = 0;
  headers.first.fill(ExchangeState::Headers::kNone);
}

void clear(ExchangeState::Body& body) noexcept {
  if (body.copy.capacity() > kKeptBodyBytes)
    std::string().swap(body.copy);
  else
    body.copy.clear();
  body.shown = body.told = 0;
  body.copy_limit = 0;
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

bool ExchangeState::has_room(const Headers& headers, std::size_t name_bytes) const noexcept {
  const std::size_t room = kMaxCopiedHeaderBytes - headers.bytes;
  return headers.list.size() < kMaxCopiedHeaders && name_bytes > 0 &&
         name_bytes < std::min(room, kMaxCopiedHeaderNameBytes);
}

void ExchangeState::leave_out(Headers& headers, std::string_view name) noexcept {
  ++headers.left_out;
  char lower[kMaxHeaderIdBytes];
  if (name.size() > sizeof lower) return;
  std::transform(name.begin(), name.end(), lower, to_lower);
  const HeaderId id = header_id({lower, name.size()});
  if (id != HeaderId::kOther) headers.lost_ids |= bit_of(id);
}

std::string_view ExchangeState::last_request_header(HeaderId id) const noexcept {
  const Headers& headers = request_headers;
  if (headers.lost(id)) return {};
  if (!headers.repeated(id)) return request_header(id);
  const auto is_it = [id](const Header& header) { return header.id == id; };
  return text(std::find_if(headers.list.rbegin(), headers.list.rend(), is_it)->value);
}

void ExchangeState::add_header(Headers& headers, std::string_view name, std::string_view value) {
  if (!has_room(headers, name.size())) return leave_out(headers, name);
  const Slice copied_name = copy(name, name.size());
  note_header(headers, copied_name, copy(trimmed(value), kMaxCopiedHeaderBytes - headers.bytes - name.size()));
}

void ExchangeState::note_header(Headers& headers, Slice name, Slice value) {
  lower_case(arena.data() + name.offset, name.size);
  const HeaderId id = header_id(text(name));
  headers.list.push_back({name, value, id, id == HeaderId::kOther ? header_kind_of_lower(text(name)) : kind_of(id)});
  headers.bytes += name.size + value.size;
  if (id == HeaderId::kOther) return;
  std::uint16_t& first = headers.first[static_cast<std::size_t>(id)];
  if (first == Headers::kNone)
    first = static_cast<std::uint16_t>(headers.list.size() - 1);
  else
    headers.repeated_ids |= bit_of(id);
  if (value.cut) headers.lost_ids |= bit_of(id);
}

ExchangeState::Slice ExchangeState::slice_of(std::string_view piece) const noexcept {
  return {static_cast<std::uint32_t>(piece.data() - arena.data()), static_cast<std::uint32_t>(piece.size()), false};
}

// One copy of the whole, of which names and values are pieces; too large a block is taken line by line, as far as it
// goes.
void ExchangeState::add_header_block(Headers& headers, std::string_view block) {
  const std::size_t begin = arena.size();
  if (block.size() > kMaxCopiedHeaderBytes - headers.bytes || begin + block.size() > kMaxArenaBytes)
    return add_header_lines(headers, block);
  arena.append(block);
  for_each_field({arena.data() + begin, block.size()}, headers.left_out,
                 [&](std::string_view name, std::string_view value, bool folded) {
                   if (!has_room(headers, name.size())) return leave_out(headers, name);
                   const Slice piece = slice_of(trimmed(value));
                   if (folded) unfold(arena.data() + piece.offset, piece.size);
                   note_header(headers, slice_of(name), piece);
                 });
}

void ExchangeState::add_header_lines(Headers& headers, std::string_view block) {
  for_each_field(block, headers.left_out, [&](std::string_view name, std::string_view value, bool folded) {
    const std::size_t before = arena.size();
    add_header(headers, name, value);
    if (folded) unfold(arena.data() + before, arena.size() - before);
  });
}

// Asked when the limit is passed for the first time; a body that is shorter needs to know nothing of it. The copy is
// full then, so that the answer does not depend on the pieces in which the body came.
std::size_t ExchangeState::copy_limit(const Body& body, const Headers& headers) const noexcept {
  return copied_bytes_for(max_body_copy_bytes, header(headers, HeaderId::kContentType),
                          header(headers, HeaderId::kContentEncoding), body.copy);
}

void ExchangeState::add_body(Body& body, const Headers& headers, std::string_view chunk, BodyKind kind) {
  body.kind = kind;
  body.shown += chunk.size();
  const auto take = [&](std::size_t limit) {
    const std::size_t size = std::min(chunk.size(), limit - std::min(limit, body.copy.size()));
    body.copy.append(chunk.substr(0, size));
    chunk.remove_prefix(size);
  };
  take(max_body_copy_bytes);
  if (body.copy_limit == 0 && body.shown > max_body_copy_bytes && max_body_copy_bytes > 0)
    body.copy_limit = copy_limit(body, headers);
  take(body.copy_limit);
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

}  // namespace logs_sdk::inline v1
