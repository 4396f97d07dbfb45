#include "src/capture/client_address.h"

#include <cstddef>
#include <optional>

#include "src/masking/characters.h"

namespace logs_sdk::inline v1 {
namespace {

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Takes the last element off a list; false when it is exhausted. Quoted strings of Forwarded hold no comma in practice;
// one that does makes elements that are no addresses, which ends the walk.
bool take_last(std::string_view& list, std::string_view& element) noexcept {
  if (list.data() == nullptr) return false;
  const std::size_t comma = list.rfind(',');
  if (comma == std::string_view::npos) {
    element = trimmed(list);
    list = {};
  } else {
    element = trimmed(list.substr(comma + 1));
    list = list.substr(0, comma);
  }
  return true;
}

// The node of "for=…;proto=…" (RFC 7239, 4); empty when there is none.
std::string_view for_parameter(std::string_view element) noexcept {
  while (!element.empty()) {
    const std::size_t semicolon = element.find(';');
    const std::string_view parameter = trimmed(element.substr(0, semicolon));
    const bool is_for = parameter.size() > 4 && parameter[3] == '=' && (parameter[0] | 0x20) == 'f' &&
                        (parameter[1] | 0x20) == 'o' && (parameter[2] | 0x20) == 'r';
    if (is_for) return parameter.substr(4);
    element = semicolon == std::string_view::npos ? std::string_view() : element.substr(semicolon + 1);
  }
  return {};
}

// "192.0.2.1" of "::ffff:192.0.2.1"; one that is written in hexadecimal ("::ffff:c000:201") stays as it is.
std::string_view plain(std::string_view text, const IpAddress& address) noexcept {
  const bool dotted = address.is_v4() && text.find('.') != std::string_view::npos;
  return dotted ? text.substr(text.rfind(':') + 1) : text;
}

// Walks every header of `id`, the last first; `found` becomes the address so far. False once the walk has ended.
class Walk {
 public:
  Walk(const TrustedProxies& trusted, std::string_view peer) noexcept : trusted_(trusted), found_(peer) {}

  void headers(const ExchangeState& state, HeaderId id) noexcept {
    const auto& list = state.request_headers.list;
    for (std::size_t i = list.size(); i-- > 0 && !ended_;)
      if (list[i].id == id) elements(state.text(list[i].value), id == HeaderId::kForwarded);
  }
  std::string_view found() const noexcept { return found_; }

 private:
  void elements(std::string_view list, bool forwarded) noexcept {
    for (std::string_view element; !ended_ && take_last(list, element);) {
      const std::string_view text = address_of_node(forwarded ? for_parameter(element) : element);
      const std::optional<IpAddress> address = IpAddress::parse(text);
      if (address) found_ = plain(text, *address);
      ended_ = !address || !trusted_.contains(*address);
    }
  }

  const TrustedProxies& trusted_;
  std::string_view found_;
  bool ended_ = false;
};

}  // namespace

std::string_view client_address(const ExchangeState& state, const TrustedProxies& trusted, bool peer_trusted) noexcept {
  std::string_view peer = state.text(state.peer);
  if (const auto address = IpAddress::parse(peer)) peer = plain(peer, *address);
  if (!peer_trusted) return peer;
  Walk walk(trusted, peer);
  const bool chained = !state.request_header(HeaderId::kForwardedFor).empty();
  walk.headers(state, chained ? HeaderId::kForwardedFor : HeaderId::kForwarded);
  return walk.found();
}

}  // namespace logs_sdk::inline v1
